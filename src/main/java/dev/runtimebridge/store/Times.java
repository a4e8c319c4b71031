package dev.runtimebridge.store;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Instants as columns: whole microseconds since 1970, rounded down. */
final class Times {
    private Times() {}

    static long us(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time.truncatedTo(ChronoUnit.MICROS));
    }

    static @Nullable Long us(Optional<Instant> time) {
        return time.map(Times::us).orElse(null);
    }

    static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }

    static Optional<Instant> optional(ResultSet row, String column) throws SQLException {
        long us = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant(us));
    }
}
