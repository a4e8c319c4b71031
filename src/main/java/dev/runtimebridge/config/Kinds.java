package dev.runtimebridge.config;

import dev.runtimebridge.config.Kind.Unfit;
import dev.runtimebridge.secret.Secret;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of values that are not keys. */
final class Kinds {
    static final int LEAST_SECRET_BYTES = 32;

    /** Fewer different bytes than this in a key are no chance: somebody typed them. */
    private static final int LEAST_DIFFERENT_BYTES = 8;

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern ADDRESS =
            Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+");
    private static final Set<String> YES = Set.of("true", "1", "yes", "on");
    private static final Set<String> NO = Set.of("false", "0", "no", "off");

    private Kinds() {}

    static Kind<String> text(String expected) {
        return new Kind<>(expected, Function.identity());
    }

    static Kind<Secret> password() {
        return new Kind<>("a password", Secret::new);
    }

    /** Text to sign with: long enough, and not one character over and over. */
    static Kind<Secret> signingSecret() {
        return new Kind<>(
                "at least "
                        + LEAST_SECRET_BYTES
                        + " bytes of random text, as `openssl rand -base64 48` makes it",
                text -> {
                    refuseWeak(text.getBytes(StandardCharsets.UTF_8));
                    return new Secret(text);
                });
    }

    static void refuseWeak(byte[] key) {
        if (key.length < LEAST_SECRET_BYTES) {
            throw new Unfit(
                    "it has "
                            + key.length
                            + " bytes, and fewer than "
                            + LEAST_SECRET_BYTES
                            + " can be guessed");
        }
        var different = new boolean[256];
        for (byte b : key) {
            different[b & 0xff] = true;
        }
        int count = 0;
        for (boolean present : different) {
            count += present ? 1 : 0;
        }
        if (count < LEAST_DIFFERENT_BYTES) {
            throw new Unfit("it is not random");
        }
    }

    static Kind<Integer> whole(int least, int most) {
        return new Kind<>(
                "a whole number from " + least + " to " + most,
                text -> {
                    int value = Integer.parseInt(text);
                    if (value < least || value > most) {
                        throw new IllegalArgumentException();
                    }
                    return value;
                });
    }

    static Kind<Boolean> flag() {
        return new Kind<>(
                "true or false",
                text -> {
                    var lower = text.toLowerCase(Locale.ROOT);
                    if (!YES.contains(lower) && !NO.contains(lower)) {
                        throw new IllegalArgumentException();
                    }
                    return YES.contains(lower);
                });
    }

    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type, Function<E, String> spelling) {
        var byName =
                Arrays.stream(type.getEnumConstants())
                        .collect(
                                Collectors.toMap(
                                        e -> spelling.apply(e).toLowerCase(Locale.ROOT),
                                        Function.identity()));
        var names = Stream.of(type.getEnumConstants()).map(spelling).toList();
        return new Kind<>(
                names.size() == 1 ? names.getFirst() : "one of " + String.join(", ", names),
                text -> {
                    var found = byName.get(text.toLowerCase(Locale.ROOT));
                    if (found == null) {
                        throw new IllegalArgumentException();
                    }
                    return found;
                });
    }

    /** The values of an enum in lower case, words joined by hyphens. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        return oneOf(type, e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    static Kind<Duration> duration(Duration least, Duration most) {
        return new Kind<>(
                "a duration from "
                        + least
                        + " to "
                        + most
                        + ", written as 500ms, 30s, 2m, 1h or PT30S",
                text -> {
                    var value = duration(text);
                    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        throw new IllegalArgumentException();
                    }
                    return value;
                });
    }

    private static Duration duration(String text) {
        var matcher = SHORT_DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Kind<Path> folder() {
        return new Kind<>("a folder", text -> Path.of(text).toAbsolutePath().normalize());
    }

    static Kind<Path> file() {
        return new Kind<>("a file", text -> Path.of(text).toAbsolutePath().normalize());
    }

    static Kind<URI> url() {
        return new Kind<>(
                "an http:// or https:// URL without user or fragment",
                text -> {
                    var url = URI.create(text);
                    if (!isHttp(url) || url.getUserInfo() != null || url.getFragment() != null) {
                        throw new IllegalArgumentException();
                    }
                    return url;
                });
    }

    /**
     * Several texts separated by commas.
     *
     * @param form what each must look like
     */
    static Kind<List<String>> list(String expected, Pattern form, int most) {
        return new Kind<>(
                expected,
                text -> {
                    var all = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
                    if (all.size() > most
                            || all.stream().distinct().count() < all.size()
                            || !all.stream().allMatch(one -> form.matcher(one).matches())) {
                        throw new IllegalArgumentException();
                    }
                    return all;
                });
    }

    static Kind<String> form(String expected, Pattern form) {
        return new Kind<>(
                expected,
                text -> {
                    if (!form.matcher(text).matches()) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                });
    }

    /** Origins as a browser sends them, lower case. */
    static Kind<List<String>> origins() {
        return new Kind<>(
                "origins separated by commas, such as https://ide.example.org,http://localhost:3000"
                        + " (never *)",
                text ->
                        Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .map(Kinds::origin)
                                .toList());
    }

    /** Networks and single addresses, IPv4 and IPv6; never the whole world. */
    static Kind<List<String>> networks() {
        return new Kind<>(
                "networks separated by commas, such as 10.0.6.0/24,2001:db8::/64 (never /0)",
                text ->
                        Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .map(Kinds::network)
                                .toList());
    }

    private static String network(String text) {
        int slash = text.indexOf('/');
        var literal = slash < 0 ? text : text.substring(0, slash);
        if (!ADDRESS.matcher(literal).matches()) {
            throw new IllegalArgumentException();
        }
        var address = InetAddress.ofLiteral(literal).getAddress();
        int bits = address.length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 1 || prefix > bits) {
            throw new IllegalArgumentException();
        }
        int lowest = new BigInteger(1, address).getLowestSetBit();
        if (lowest >= 0 && lowest < bits - prefix) {
            throw new Unfit(text + " has bits beyond its prefix: write where it begins");
        }
        return text;
    }

    private static String origin(String text) {
        var url = URI.create(text);
        var path = url.getRawPath();
        if (!isHttp(url)
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || !(path == null || path.isEmpty())) {
            throw new IllegalArgumentException();
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isHttp(URI url) {
        return url.getHost() != null
                && ("http".equalsIgnoreCase(url.getScheme())
                        || "https".equalsIgnoreCase(url.getScheme()));
    }
}
