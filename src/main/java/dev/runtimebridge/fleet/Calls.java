package dev.runtimebridge.fleet;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * What the loop's calls run on.
 *
 * @param starts calls that start containers: few, and what everybody waits for, so that they must
 *     not queue up behind a thousand requests that have just arrived
 * @param others all other calls; thousands may be under way
 */
public record Calls(Executor starts, Executor others) {

    /** Starts on threads of their own, which the system gives their share whatever else goes on. */
    public static Calls onThreads() {
        return new Calls(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().name("start-", 0).factory()),
                Executors.newVirtualThreadPerTaskExecutor());
    }

    /** All on one. */
    public static Calls on(Executor executor) {
        return new Calls(executor, executor);
    }

    Executor of(Action action) {
        return action instanceof Action.Start ? starts : others;
    }
}
