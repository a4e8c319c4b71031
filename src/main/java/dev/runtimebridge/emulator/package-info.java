/**
 * An emulator of the parts of AWS that the Fargate path uses, harsher than AWS itself. {@code
 * docs/emulator.md} says what it does. {@link dev.runtimebridge.emulator.Emulator#start} runs one
 * in this process, on a port of loopback:
 *
 * <pre>{@code
 * try (var clock = new ScaledClock(1, InstantSource.system());
 *         var agents = new StubAgents(clock, 8000);
 *         var aws = Emulator.start(Scenario.usual(), clock, agents, 0)) {
 *     // the SDK's clients get aws.endpoint() as endpoint override, and any credentials
 *     aws.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 1));
 *     aws.ledger().started(); // every task, what it costs, why it ended
 *     aws.calls().of("ecs:RunTask"); // how often it was called and throttled
 * }
 * }</pre>
 *
 * <p>Nothing but the root may use this room, and it uses no other room.
 */
@NullMarked
package dev.runtimebridge.emulator;

import org.jspecify.annotations.NullMarked;
