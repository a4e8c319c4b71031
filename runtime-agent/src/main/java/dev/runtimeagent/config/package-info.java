/**
 * Environment to {@link dev.runtimeagent.config.AgentSettings}, once. The only room that reads the
 * environment.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.config;
