/**
 * Agents that answer ping and init and call home, and do nothing else: thousands of them in one
 * process, each on a loopback address of its own. Speaks the part of {@code docs/agent.md} that a
 * launch needs.
 */
@NullMarked
package dev.runtimebridge.emulator.stub;

import org.jspecify.annotations.NullMarked;
