package dev.runtimeagent.ssh;

import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import com.pty4j.unix.UnixPtyProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pseudoterminal with the process session on it. One thread reads and one writes; {@link #stop}
 * may be called by anybody and makes both return. The descriptor is closed once both have said that
 * they are done, so that no number is ever used after the system has given it to somebody else.
 */
final class Terminal {
    private static final int POLLFD_BYTES = 8;

    private final UnixPtyProcess process;
    private final int master;
    private final int wake;
    private final AtomicInteger users = new AtomicInteger(2);

    private Terminal(UnixPtyProcess process, int wake) {
        this.process = process;
        this.master = process.getPty().getMasterFD();
        this.wake = wake;
        Posix.makeNonBlocking(master);
    }

    /**
     * Starts {@code command} as leader of a session of its own on a new terminal.
     *
     * @throws IOException when the program cannot be started or the system is out of terminals
     */
    static Terminal start(
            List<String> command, Map<String, String> environment, Path folder, WindowSize size)
            throws IOException {
        var wake = Posix.eventfd();
        if (wake < 0) {
            throw new IOException("the system is out of file descriptors");
        }
        try {
            var process =
                    new PtyProcessBuilder(command.toArray(String[]::new))
                            .setEnvironment(environment)
                            .setDirectory(folder.toString())
                            .setInitialColumns(size.columns())
                            .setInitialRows(size.rows())
                            .start();
            return new Terminal((UnixPtyProcess) process, wake);
        } catch (IOException | RuntimeException e) {
            Posix.close(wake);
            throw e;
        }
    }

    int leader() {
        return Math.toIntExact(process.pid());
    }

    /** Waits for the session leader's end and answers its exit status. */
    int waitForExit() throws InterruptedException {
        return process.waitFor();
    }

    void resize(WindowSize size) {
        process.setWinSize(new WinSize(size.columns(), size.rows()));
    }

    /**
     * Makes reader and writer return: what the terminal still holds is read, nothing waited for.
     */
    void stop() {
        try (var arena = Arena.ofConfined()) {
            var one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
            Posix.write(arena.allocate(Posix.STATE), wake, one);
        }
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            try {
                process.getPty().close();
            } catch (IOException e) {
                throw new IllegalStateException("the terminal could not be closed", e);
            } finally {
                Posix.close(wake);
            }
        }
    }

    /** The program's output. To be used and closed by one thread. */
    final class Reader implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment state = arena.allocate(Posix.STATE);
        private final MemorySegment poll = pollDescriptors(arena, Posix.POLLIN);
        private final MemorySegment buffer;
        private final MemorySegment heap;

        /** Reads into {@code target}. */
        Reader(byte[] target) {
            buffer = arena.allocate(target.length);
            heap = MemorySegment.ofArray(target);
        }

        /** Waits for output and takes all there is, up to the target's size; -1 at its end. */
        int read() {
            while (true) {
                var filled = drain();
                if (filled != 0) {
                    return filled;
                }
                Posix.poll(state, poll, 2);
                if (stopped(poll)) {
                    var rest = drain();
                    return rest == 0 ? -1 : rest;
                }
            }
        }

        /** What can be read without waiting: 0 when there is nothing yet, -1 at the end. */
        private int drain() {
            var filled = 0;
            while (filled < buffer.byteSize()) {
                var read = Posix.read(state, master, buffer.asSlice(filled));
                if (read > 0) {
                    filled += (int) read;
                    continue;
                }
                var fault = read == 0 ? 0 : Posix.errno(state);
                if (fault == Posix.EINTR) {
                    continue;
                }
                if (filled == 0 && fault != Posix.EAGAIN) {
                    return -1; // EIO: nobody holds the other side any more
                }
                break;
            }
            MemorySegment.copy(buffer, 0, heap, 0, filled);
            return filled;
        }

        @Override
        public void close() {
            arena.close();
            release();
        }
    }

    /** The program's keyboard. To be used and closed by one thread. */
    final class Writer implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment state = arena.allocate(Posix.STATE);
        private final MemorySegment poll = pollDescriptors(arena, Posix.POLLOUT);
        private final MemorySegment buffer;

        Writer(int largestWriteBytes) {
            buffer = arena.allocate(largestWriteBytes);
        }

        /** Waits until the terminal has taken all bytes; false when it never will. */
        boolean write(byte[] bytes, int length) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, buffer, 0, length);
            var written = 0;
            while (written < length) {
                var taken = Posix.write(state, master, buffer.asSlice(written, length - written));
                if (taken >= 0) {
                    written += (int) taken;
                } else if (Posix.errno(state) == Posix.EAGAIN) {
                    Posix.poll(state, poll, 2);
                    if (stopped(poll)) {
                        return false;
                    }
                } else if (Posix.errno(state) != Posix.EINTR) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() {
            arena.close();
            release();
        }
    }

    /** {@code struct pollfd[2]}: the terminal, and the counter that {@link #stop} raises. */
    private MemorySegment pollDescriptors(Arena arena, short events) {
        var descriptors = arena.allocate(2L * POLLFD_BYTES, Integer.BYTES);
        descriptors.set(ValueLayout.JAVA_INT, 0, master);
        descriptors.set(ValueLayout.JAVA_SHORT, 4, events);
        descriptors.set(ValueLayout.JAVA_INT, POLLFD_BYTES, wake);
        descriptors.set(ValueLayout.JAVA_SHORT, POLLFD_BYTES + 4, Posix.POLLIN);
        return descriptors;
    }

    private static boolean stopped(MemorySegment poll) {
        return poll.get(ValueLayout.JAVA_SHORT, POLLFD_BYTES + 6) != 0;
    }
}
