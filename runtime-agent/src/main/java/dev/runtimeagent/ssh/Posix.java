package dev.runtimeagent.ssh;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The few system calls that neither the JDK nor pty4j offers. pty4j's own streams poll by
 * reflection (tens of microseconds a read), lose what a partial write leaves over, and cannot be
 * closed while another thread reads.
 *
 * <p>Calls answer as in C: -1 for a fault, and the {@code errno} then lies in {@code state}, a
 * segment of {@link #STATE}.
 */
final class Posix {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int SIGHUP = 1;
    static final int SIGKILL = 9;
    static final int SIGCONT = 18;
    static final short POLLIN = 1;
    static final short POLLOUT = 4;

    static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final int F_SETFL = 4;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 2048;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG);
    private static final MethodHandle READ = function("read", TRANSFER);
    private static final MethodHandle WRITE = function("write", TRANSFER);
    private static final MethodHandle POLL =
            function(
                    "poll",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle KILL = function("kill", ofInts(2));
    private static final MethodHandle EVENTFD = function("eventfd", ofInts(2));
    private static final MethodHandle CLOSE = function("close", ofInts(1));
    private static final MethodHandle FCNTL =
            function("fcntl", ofInts(3), Linker.Option.firstVariadicArg(2));

    private Posix() {}

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static long read(MemorySegment state, int descriptor, MemorySegment into) {
        return transfer(READ, state, descriptor, into);
    }

    static long write(MemorySegment state, int descriptor, MemorySegment from) {
        return transfer(WRITE, state, descriptor, from);
    }

    /** Waits without limit for one of {@code count} {@code struct pollfd}s. */
    static int poll(MemorySegment state, MemorySegment descriptors, long count) {
        try {
            return (int) POLL.invokeExact(state, descriptors, count, -1);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Sends {@code signal}; a process that is gone or not ours is no fault. */
    static void kill(int pid, int signal) {
        try (var arena = Arena.ofConfined()) {
            var _ = (int) KILL.invokeExact(arena.allocate(STATE), pid, signal);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** A counter to wake a {@link #poll} with, or -1. */
    static int eventfd() {
        try (var arena = Arena.ofConfined()) {
            return (int) EVENTFD.invokeExact(arena.allocate(STATE), 0, O_NONBLOCK);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            var _ = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** From now on reads and writes on this terminal answer EAGAIN instead of blocking. */
    static void makeNonBlocking(int terminal) {
        try (var arena = Arena.ofConfined()) {
            var _ =
                    (int)
                            FCNTL.invokeExact(
                                    arena.allocate(STATE), terminal, F_SETFL, O_RDWR | O_NONBLOCK);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static long transfer(
            MethodHandle function, MemorySegment state, int descriptor, MemorySegment buffer) {
        try {
            return (long) function.invokeExact(state, descriptor, buffer, buffer.byteSize());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static FunctionDescriptor ofInts(int count) {
        var arguments = new MemoryLayout[count];
        Arrays.fill(arguments, ValueLayout.JAVA_INT);
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    }

    // Restricted, because a wrong type would end the process: these are the types of POSIX on
    // Linux.
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            String name, FunctionDescriptor type, Linker.Option... options) {
        var all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("a system call could not be made: " + e, e);
    }
}
