package dev.runtimebridge.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a caller prefers (RFC 7240). What is not understood is ignored, and of a preference that is
 * there twice the first counts, as the RFC wants.
 *
 * @param respondAsync rather an answer now than the whole one later
 * @param longest how long the caller would wait
 */
record Preferences(boolean respondAsync, Optional<Duration> longest) {
    static final Preferences NONE = new Preferences(false, Optional.empty());
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /** Reads the values of all {@code Prefer} headers. */
    static Preferences of(List<String> headers) {
        if (headers.isEmpty()) {
            return NONE;
        }
        boolean async = false;
        Optional<String> wait = Optional.empty();
        for (var preference : String.join(",", headers).split(",", -1)) {
            var nameAndValue = preference.split(";", 2)[0].split("=", 2);
            switch (nameAndValue[0].strip().toLowerCase(Locale.ROOT)) {
                case "respond-async" -> async = true;
                case "wait" -> {
                    if (wait.isEmpty()) {
                        wait = Optional.of(nameAndValue.length == 2 ? nameAndValue[1] : "");
                    }
                }
                default -> {}
            }
        }
        return new Preferences(async, wait.flatMap(Preferences::seconds));
    }

    /** Whether the caller wants 202 when there is no container yet. */
    boolean any() {
        return respondAsync || longest.isPresent();
    }

    /** How long to wait; empty for as long as is usual. */
    Optional<Duration> patience() {
        return respondAsync && longest.isEmpty() ? Optional.of(Duration.ZERO) : longest;
    }

    /** The same, waiting no longer than this. */
    Preferences atMost(Duration most) {
        return new Preferences(
                respondAsync, longest.map(asked -> asked.compareTo(most) > 0 ? most : asked));
    }

    /** The value of {@code Preference-Applied}; empty when none was. */
    Optional<String> applied(boolean answeredAsync) {
        var waited = longest.map(time -> "wait=" + time.toSeconds());
        if (respondAsync && answeredAsync) {
            return Optional.of(
                    waited.map(text -> "respond-async, " + text).orElse("respond-async"));
        }
        return waited;
    }

    private static Optional<Duration> seconds(String value) {
        var bare = value.strip();
        if (bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        return SECONDS.matcher(bare).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(bare)))
                : Optional.empty();
    }
}
