package dev.runtimebridge.emulator.script;

/** A token bucket: how many at once, and how many are added per second. */
public record Quota(int burst, double perSecond) {
    public Quota {
        if (burst < 1 || perSecond <= 0) {
            throw new IllegalArgumentException(
                    "a quota has a burst of at least 1 and a rate above 0");
        }
    }
}
