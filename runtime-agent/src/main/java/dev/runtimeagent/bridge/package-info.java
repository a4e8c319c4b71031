/**
 * What the agent asks its bridge: the port {@link dev.runtimeagent.bridge.Bridge} and its adapter
 * over HTTP. The only room that calls the bridge.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.bridge;
