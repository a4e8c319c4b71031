/**
 * The local provider: every container is an agent's process on this machine, behind bubblewrap
 * where that works. Its records are files, written before a process starts, so that a bridge that
 * was killed finds everything again. Touches the provider port, the catalogue's records, Jackson,
 * files and processes.
 */
@NullMarked
package dev.runtimebridge.provider.local;

import org.jspecify.annotations.NullMarked;
