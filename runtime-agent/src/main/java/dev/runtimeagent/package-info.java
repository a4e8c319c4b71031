/**
 * The agent: the server inside one container. {@code Main} and {@code Wiring} live here and are the
 * only place where adapters are constructed; every other room may be touched from here and touches
 * nothing here.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent;
