/**
 * What the kernel counts of this container's limits, and that the bridge is told when they were
 * reached. Touches the word for a limit.
 */
@NullMarked
package dev.runtimeagent.limits;

import org.jspecify.annotations.NullMarked;
