/**
 * What a launch request does: claims a container, waits for it, tells its story. Touches the
 * allocation room, the catalogue and its own store port.
 */
@NullMarked
package dev.runtimebridge.launch;

import org.jspecify.annotations.NullMarked;
