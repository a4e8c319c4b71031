/**
 * From the environment and {@code .env} to settings records, once, at start, with all faults
 * reported together. The only room that reads the environment. It knows the settings of the rooms;
 * no room knows it, only the wiring and the command line do.
 */
@NullMarked
package dev.runtimebridge.config;

import org.jspecify.annotations.NullMarked;
