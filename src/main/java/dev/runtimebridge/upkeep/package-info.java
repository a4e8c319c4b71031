/**
 * The slow loops: whether containers in use are still there, and whether anything runs that nobody
 * knows. Touches the provider port and the fleet.
 */
@NullMarked
package dev.runtimebridge.upkeep;

import org.jspecify.annotations.NullMarked;
