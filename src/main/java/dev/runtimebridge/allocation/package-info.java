/**
 * The heart: a user's claim on a container, its states, and the ids everything else is found by.
 * Depends on {@code java.*} only.
 */
@NullMarked
package dev.runtimebridge.allocation;

import org.jspecify.annotations.NullMarked;
