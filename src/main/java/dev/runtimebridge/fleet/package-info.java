/**
 * Containers and the loop that keeps as many of them as are wanted: compares the database with the
 * provider and takes the next step. Touches the ports (provider, agent), the allocation room and
 * its own store port.
 */
@NullMarked
package dev.runtimebridge.fleet;

import org.jspecify.annotations.NullMarked;
