package dev.runtimebridge;

import dev.runtimebridge.fleet.FleetLoop;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Wakes the loop, for parts that have to be made before it. */
final class Waker implements Runnable {
    private volatile @Nullable FleetLoop loop;

    void wakes(FleetLoop made) {
        loop = made;
    }

    /** Rows have changed. */
    @Override
    public void run() {
        Optional.ofNullable(loop).ifPresent(FleetLoop::wake);
    }

    /** Something was heard. */
    void nudge() {
        Optional.ofNullable(loop).ifPresent(FleetLoop::nudge);
    }
}
