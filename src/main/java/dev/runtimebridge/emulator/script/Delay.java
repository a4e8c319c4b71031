package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * How long something takes: {@code 2s}, anything between two ({@code 500ms..2s}), or {@code never}.
 *
 * @param least inclusive
 * @param most inclusive; not shorter than {@code least}
 * @param never whether it does not happen at all
 */
public record Delay(Duration least, Duration most, boolean never) {
    public static final Delay NONE = of(Duration.ZERO);
    public static final Delay NEVER = new Delay(Duration.ZERO, Duration.ZERO, true);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(us|ms|s|m|h)");

    public Delay {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException("not a delay: " + least + " to " + most);
        }
    }

    public static Delay of(Duration takes) {
        return new Delay(takes, takes, false);
    }

    public static Delay between(Duration least, Duration most) {
        return new Delay(least, most, false);
    }

    /**
     * Reads {@code 2s}, {@code 500ms..2s} or {@code never}; units are us, ms, s, m and h.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    @JsonCreator
    public static Delay parse(String text) {
        if (text.equals("never")) {
            return NEVER;
        }
        int dots = text.indexOf("..");
        return dots < 0
                ? of(duration(text))
                : between(duration(text.substring(0, dots)), duration(text.substring(dots + 2)));
    }

    /** One value of it; empty where it never happens. */
    public Optional<Duration> draw(RandomGenerator random) {
        if (never) {
            return Optional.empty();
        }
        long spread = most.minus(least).toNanos();
        return Optional.of(spread == 0 ? least : least.plusNanos(random.nextLong(spread + 1)));
    }

    @Override
    @JsonValue
    public String toString() {
        if (never) {
            return "never";
        }
        return least.equals(most) ? text(least) : text(least) + ".." + text(most);
    }

    private static Duration duration(String text) {
        var parts = DURATION.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no delay: write 2s, 500ms..2s or never");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "us" -> Duration.ofNanos(1_000 * amount);
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String text(Duration duration) {
        long micros = duration.toNanos() / 1_000;
        if (micros % 1_000 != 0) {
            return micros + "us";
        }
        return micros % 1_000_000 == 0 ? micros / 1_000_000 + "s" : micros / 1_000 + "ms";
    }
}
