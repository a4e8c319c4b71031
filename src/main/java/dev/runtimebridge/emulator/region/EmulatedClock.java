package dev.runtimebridge.emulator.region;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Emulated time, and what is to happen in it. */
public interface EmulatedClock extends InstantSource {
    /** Runs {@code event} at that time, or at once if it is over; events must not block. */
    void at(Instant when, Runnable event);

    /** Runs {@code work}, which may block, beside everything else. */
    void beside(Runnable work);

    /**
     * Waits for so much emulated time.
     *
     * @throws InterruptedException when the waiting thread is interrupted
     */
    void pause(Duration time) throws InterruptedException;
}
