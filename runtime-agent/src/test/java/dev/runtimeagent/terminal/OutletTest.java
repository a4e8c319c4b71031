package dev.runtimeagent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class OutletTest {
    private static final int WINDOW = 4 * Outlet.MESSAGE_BYTES;

    private final FakeSink sink = new FakeSink();
    private final Outlet outlet = new Outlet(sink, WINDOW);

    @Test
    void aLoneEchoLeavesAtOnce() throws InterruptedException {
        write(new byte[] {'x'});
        write(new byte[] {'y'});
        assertThat(sink.messages).hasSize(2);
    }

    @Test
    void aFloodIsGatheredToFullMessages() throws InterruptedException {
        for (var piece = 0; piece < 30; piece++) {
            write(new byte[4000]);
        }
        outlet.arrived(Long.MAX_VALUE);
        assertThat(sink.messages.size()).isLessThan(15);
        assertThat(sink.messages).allMatch(message -> message.length <= Outlet.MESSAGE_BYTES);
        assertThat(sink.bytes().length).isEqualTo(120_000);
    }

    @Test
    void aWriterWaitsForAnAnswerWhenTheWindowIsFull() throws Exception {
        var flood = new byte[3 * WINDOW];
        new Random(1).nextBytes(flood);
        var writer = Thread.ofVirtual().start(() -> write(flood));
        var arrived = 0L;
        while (writer.isAlive()) {
            var sent = outlet.sentBytes();
            assertThat(sent - arrived).isLessThanOrEqualTo(WINDOW);
            arrived = sent;
            outlet.arrived(arrived);
        }
        outlet.flush();
        assertThat(sink.bytes()).isEqualTo(flood);
    }

    @Test
    void aClosedOutletHoldsNobody() throws Exception {
        var writer = Thread.ofVirtual().start(() -> write(new byte[3 * WINDOW]));
        while (outlet.sentBytes() < WINDOW) {
            Thread.onSpinWait();
        }
        outlet.close();
        writer.join();
        assertThat(sink.bytes().length).isLessThanOrEqualTo(WINDOW);
    }

    @Test
    void whileTheClientIsHeldCompletedWritesAreEnough() throws Exception {
        outlet.clientHeld(true);
        write(new byte[3 * WINDOW]);
        outlet.flush();
        assertThat(sink.bytes().length).isEqualTo(3 * WINDOW);
    }

    private void write(byte[] bytes) {
        try {
            outlet.write(bytes, 0, bytes.length);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class FakeSink implements Outlet.Sink {
        final List<byte[]> messages = new ArrayList<>();
        private long probed;

        @Override
        public synchronized void send(byte[] message) {
            messages.add(message);
        }

        @Override
        public synchronized void probe(long sentBytes) {
            assertThat(sentBytes).isGreaterThanOrEqualTo(probed);
            probed = sentBytes;
        }

        @Override
        public boolean unwrittenBelow(int bytes) {
            return true;
        }

        synchronized byte[] bytes() {
            var all = new ByteArrayOutputStream();
            messages.forEach(all::writeBytes);
            return all.toByteArray();
        }
    }
}
