/**
 * The command line: what {@code ./bridge} runs. A client of the bridge's HTTP API; what starts a
 * bridge or makes a token is handed in as {@link Operations}. Touches picocli, Jackson, jsch,
 * {@code java.net.http}, the ids and secrets.
 */
@NullMarked
package dev.runtimebridge.cli;

import org.jspecify.annotations.NullMarked;
