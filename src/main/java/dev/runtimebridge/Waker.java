package dev.runtimebridge;

import dev.runtimebridge.fleet.FleetLoop;

import org.jspecify.annotations.Nullable;

/** Wakes the loop, for parts that have to be made before it. */
final class Waker implements Runnable {
    private volatile @Nullable FleetLoop loop;

    void wakes(FleetLoop made) {
        loop = made;
    }

    @Override
    public void run() {
        var made = loop;
        if (made != null) {
            made.wake();
        }
    }
}
