package dev.runtimebridge.store;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where MySQL (and MariaDB) and H2 differ. Everything else is one SQL for all. */
enum Dialect {
    MYSQL(
            // utc_timestamp: no time zone and no daylight saving between the clock and the number.
            "timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(6))",
            "select @@global.read_only",
            "?",
            "&") {
        @Override
        Map<String, String> options(DatabaseSettings.Limits limits) {
            return Map.ofEntries(
                    Map.entry("connectTimeout", "" + limits.connectTimeout().toMillis()),
                    Map.entry("socketTimeout", "" + limits.answerTimeout().toMillis()),
                    Map.entry("tcpKeepAlive", "true"),
                    Map.entry("connectionTimeZone", "UTC"),
                    Map.entry("characterEncoding", "UTF-8"),
                    Map.entry("cachePrepStmts", "true"),
                    Map.entry("prepStmtCacheSize", "256"),
                    Map.entry("prepStmtCacheSqlLimit", "8192"),
                    Map.entry("rewriteBatchedStatements", "true"),
                    // The driver remembers what it told the session, instead of asking or repeating
                    // it.
                    Map.entry("useLocalSessionState", "true"),
                    Map.entry("cacheServerConfiguration", "true"),
                    Map.entry("maintainTimeStats", "false"),
                    // A caller waits for a row as long as for an answer, not InnoDB's 50 s.
                    Map.entry(
                            "sessionVariables",
                            "innodb_lock_wait_timeout="
                                    + Math.max(1, limits.answerTimeout().toSeconds() / 2)));
        }
    },
    H2("cast(extract(epoch from current_timestamp(6)) * 1000000 as bigint)", "select 0", ";", ";") {
        @Override
        Map<String, String> options(DatabaseSettings.Limits limits) {
            return Map.of(
                    "MODE", "MySQL",
                    "DATABASE_TO_LOWER", "TRUE",
                    // Without it a commit is on disk up to half a second after it was promised.
                    // With it a kill -9 in a hundred, under load, still loses the last few: the
                    // loops' sweep ends what has no row then.
                    "WRITE_DELAY", "0",
                    // The wiring closes the database last; H2's own hook would close it first.
                    "DB_CLOSE_ON_EXIT", "FALSE",
                    "LOCK_TIMEOUT", "" + Math.max(1_000, limits.answerTimeout().toMillis() / 2));
        }
    };

    private final String nowUs;
    private final String readOnly;
    private final String firstSeparator;
    private final String separator;

    Dialect(String nowUs, String readOnly, String firstSeparator, String separator) {
        this.nowUs = nowUs;
        this.readOnly = readOnly;
        this.firstSeparator = firstSeparator;
        this.separator = separator;
    }

    /** The connection options that the stores rely on. */
    abstract Map<String, String> options(DatabaseSettings.Limits limits);

    /** An expression: the database's clock in microseconds since 1970. */
    String nowUs() {
        return nowUs;
    }

    /** A statement that answers 1 when the server takes no writes. */
    String readOnly() {
        return readOnly;
    }

    /** What to run after the migrations; may run again and again. */
    List<String> tuning() {
        return switch (this) {
            case MYSQL -> List.of();
            // Each time H2 has used up its stock of ids it waits for the disk: 32 make a long story
            // slow.
            case H2 -> List.of("alter table allocation_event alter column id set cache 1000");
        };
    }

    /** The URL with our options; one that the URL names already stays as it is there. */
    String url(DatabaseSettings settings) {
        var given = settings.url();
        var added =
                options(settings.limits()).entrySet().stream()
                        .filter(o -> !given.contains(o.getKey() + "="))
                        .map(o -> o.getKey() + "=" + o.getValue())
                        .sorted()
                        .collect(Collectors.joining(separator));
        return given + (given.contains(firstSeparator) ? separator : firstSeparator) + added;
    }
}
