/**
 * Passes requests from the gateway on to other ports of this container, where the bridge's
 * assertion says so. A connection that begins so is that port's until it ends; all others are the
 * HTTP server's.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.forward;
