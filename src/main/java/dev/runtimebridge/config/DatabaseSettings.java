package dev.runtimebridge.config;

import dev.runtimebridge.secret.Secret;

import java.nio.file.Path;

/** The database to use. */
public sealed interface DatabaseSettings {
    /** How many connections are kept at most. */
    int poolSize();

    /** A MySQL or MariaDB server. */
    record MySql(String host, int port, String database, String user, Secret password, int poolSize)
            implements DatabaseSettings {}

    /** H2 inside of this process, in files below {@code folder}. */
    record Embedded(Path folder, int poolSize) implements DatabaseSettings {}
}
