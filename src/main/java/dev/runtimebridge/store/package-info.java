/**
 * The SQL: one store per room, and the migrations they stand on. The only place that knows JDBC,
 * Jdbi, HikariCP and Flyway; implements the store ports of the other rooms and is constructed by
 * the wiring alone.
 */
@NullMarked
package dev.runtimebridge.store;

import org.jspecify.annotations.NullMarked;
