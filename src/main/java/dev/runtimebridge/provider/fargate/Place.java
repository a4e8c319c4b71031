package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where a batch starts: one subnet, and Spot or not. */
record Place(Capacity capacity, String subnet) {
    private static final Pattern FORM = Pattern.compile("(on-demand|spot) (subnet-[0-9a-z]{1,32})");
    private static final String SPOT = "spot";

    /** As it is stored with a batch. */
    String text() {
        return (capacity == Capacity.SPOT ? SPOT : "on-demand") + " " + subnet;
    }

    static Optional<Place> of(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new Place(
                                SPOT.equals(matcher.group(1)) ? Capacity.SPOT : Capacity.ON_DEMAND,
                                matcher.group(2)))
                : Optional.empty();
    }

    /** The bucket that AWS counts tasks in which start here. */
    Limit limit() {
        return capacity == Capacity.SPOT ? Limit.TASKS_SPOT : Limit.TASKS_ON_DEMAND;
    }

    @Override
    public String toString() {
        return text();
    }
}
