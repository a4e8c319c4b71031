/** The port to the agent inside a container, and its HTTP adapter. */
@NullMarked
package dev.runtimebridge.agent;

import org.jspecify.annotations.NullMarked;
