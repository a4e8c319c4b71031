package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a program in a container says, both streams. */
final class Said extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onNext(Frame frame) {
        bytes.writeBytes(frame.getPayload());
    }

    /**
     * All of it, once it has ended.
     *
     * @throws IOException when that does not come within {@code patience}
     */
    String all(Duration patience) throws IOException {
        try (this) {
            if (!awaitCompletion(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("it takes longer than " + patience.toSeconds() + " s");
            }
            return bytes.toString(StandardCharsets.UTF_8).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
