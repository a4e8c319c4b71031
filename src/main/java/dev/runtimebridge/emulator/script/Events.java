package dev.runtimebridge.emulator.script;

/**
 * What the SQS queue gets of "ECS Task State Change" events.
 *
 * @param queue its name; empty where there is no queue
 * @param delay from the change until the message can be received; a spread reorders
 * @param repeated share of the events that come twice, 0 to 1
 * @param lost share of the events that never come, 0 to 1
 */
public record Events(String queue, Delay delay, double repeated, double lost) {
    /** No queue. */
    public static Events none() {
        return new Events("", Delay.parse("50ms..250ms"), 0.01, 0);
    }
}
