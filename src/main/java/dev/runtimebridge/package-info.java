/**
 * The bridge: {@code Main} starts and stops it, {@code Wiring} is the only place where adapters are
 * constructed.
 */
@NullMarked
package dev.runtimebridge;

import org.jspecify.annotations.NullMarked;
