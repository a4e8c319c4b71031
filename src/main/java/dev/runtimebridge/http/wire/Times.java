package dev.runtimebridge.http.wire;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** How times are written. */
final class Times {
    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final DateTimeFormatter VERSION_1 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneOffset.UTC);

    private Times() {}

    /** {@code 2022-04-06T09:57:03.000Z}. */
    static String iso(Instant time) {
        return ISO.format(time);
    }

    /** {@code 2022-04-06T09:57:03.000+00:00}, as the token check of version 1 writes it. */
    static String version1(Instant time) {
        return VERSION_1.format(time);
    }
}
