package dev.runtimebridge.store;

import dev.runtimebridge.secret.Secret;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Which database to use, and how hard.
 *
 * @param url a JDBC URL, {@code jdbc:mysql://host:port/database} or {@code jdbc:h2:…}; never with
 *     user or password in it
 * @param user login name
 * @param password empty for the embedded database
 * @param limits how many may use it at a time, and for how long
 */
public record DatabaseSettings(String url, String user, Secret password, Limits limits) {
    private static final String MYSQL = "jdbc:mysql:";
    private static final String H2 = "jdbc:h2:";

    /**
     * What bounds the use of the database.
     *
     * @param connections for requests; the loops have a few of their own on top
     * @param mostWaiting requests that may wait for a connection; one more is refused at once
     * @param longestWait how long a request waits for a connection
     * @param connectTimeout how long opening a connection may take, at least 250 ms
     * @param answerTimeout how long the server may be silent during a statement
     */
    public record Limits(
            int connections,
            int mostWaiting,
            Duration longestWait,
            Duration connectTimeout,
            Duration answerTimeout) {
        private static final Duration SHORTEST_CONNECT = Duration.ofMillis(250);

        public Limits {
            if (connections < 1 || mostWaiting < 0) {
                throw new IllegalArgumentException(
                        "the database needs at least 1 connection and 0 waiting, not "
                                + connections
                                + " and "
                                + mostWaiting);
            }
            if (longestWait.isNegative()
                    || connectTimeout.compareTo(SHORTEST_CONNECT) < 0
                    || !answerTimeout.isPositive()) {
                throw new IllegalArgumentException(
                        "the database's times must be positive, connecting may take 250 ms at"
                                + " least");
            }
        }

        /** Limits that suit one bridge, for this many connections. */
        public static Limits of(int connections) {
            return new Limits(
                    connections,
                    1_000,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10));
        }
    }

    public DatabaseSettings {
        if (!url.startsWith(MYSQL) && !url.startsWith(H2)) {
            throw new IllegalArgumentException(
                    "the database's URL must begin with " + MYSQL + " or " + H2);
        }
        if (url.contains("password=") || url.contains("PASSWORD=") || url.contains("@")) {
            throw new IllegalArgumentException(
                    "the database's URL must not carry a user or password: give them apart");
        }
    }

    /** A MySQL 8 or MariaDB 10.11 server. */
    public static DatabaseSettings mySql(
            String host, int port, String database, String user, Secret password, Limits limits) {
        var bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return new DatabaseSettings(
                MYSQL + "//" + bracketed + ":" + port + "/" + database, user, password, limits);
    }

    /** The embedded database, in files {@code bridge.*} of a folder. */
    public static DatabaseSettings embedded(Path folder, Limits limits) {
        var file = folder.toAbsolutePath().resolve("bridge").toString();
        if (file.indexOf(';') >= 0) {
            throw new IllegalArgumentException(
                    "the folder of the embedded database must not have a ; in its path: " + file);
        }
        // Through "async:" because an interrupted thread closes any other kind of file channel, and
        // with it the database, for everybody.
        return new DatabaseSettings(H2 + "async:" + file, "bridge", new Secret(""), limits);
    }

    /** The URL as messages may show it: where, without options. */
    String place() {
        int end = url.length();
        for (char option : new char[] {'?', ';'}) {
            int at = url.indexOf(option);
            end = at < 0 ? end : Math.min(end, at);
        }
        return url.substring("jdbc:".length(), end);
    }

    Dialect dialect() {
        return url.startsWith(H2) ? Dialect.H2 : Dialect.MYSQL;
    }
}
