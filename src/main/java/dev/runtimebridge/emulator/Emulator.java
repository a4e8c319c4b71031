package dev.runtimebridge.emulator;

import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.region.Ledger;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.region.TaskState;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Script;
import dev.runtimebridge.emulator.wire.Calls;
import dev.runtimebridge.emulator.wire.Front;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A running emulator. */
public final class Emulator implements AutoCloseable {
    private final Script script;
    private final Region region;
    private final Front front;
    private final URI endpoint;

    private Emulator(Script script, Region region, Front front, URI endpoint) {
        this.script = script;
        this.region = region;
        this.front = front;
        this.endpoint = endpoint;
    }

    /**
     * Starts one that listens on loopback, and where the runner's containers live for their
     * metadata.
     *
     * @param clock the emulated time; the caller closes it, after this
     * @param runner what runs the containers; likewise
     * @param port 0 for any
     * @throws java.io.UncheckedIOException of a {@link java.net.BindException} when the port is in
     *     use
     * @throws IllegalStateException when containers do not live on this machine
     */
    public static Emulator start(
            Scenario scenario, EmulatedClock clock, TaskRunner runner, int port) {
        var script = new Script(scenario);
        var metadata = new CompletableFuture<URI>();
        var region =
                new Region(
                        clock,
                        script,
                        runner,
                        task ->
                                Map.of(
                                        "ECS_CONTAINER_METADATA_URI_V4",
                                        metadata.join() + "/v4/" + task.id()));
        var front = new Front(clock, script, region);
        try {
            var endpoint = front.listen(port);
            metadata.complete(
                    runner.host().equals(TaskRunner.LOOPBACK)
                            ? endpoint
                            : front.listenForMetadata(runner.host()));
            return new Emulator(script, region, front, endpoint);
        } catch (RuntimeException e) {
            front.close();
            throw e;
        }
    }

    /** Where it answers: the endpoint override of every service, {@code http://127.0.0.1:4566}. */
    public URI endpoint() {
        return endpoint;
    }

    /** How it behaves; can be changed at any time. */
    public Script script() {
        return script;
    }

    /** Every task that was ever started. */
    public Ledger ledger() {
        return region.ledger();
    }

    /** How often what was called. */
    public Calls calls() {
        return front.calls();
    }

    /**
     * Ends a task as AWS may at any time.
     *
     * @param arn of a task that can be described
     * @param stopCode {@code InfrastructureHealth}, say
     */
    public void end(String arn, String stopCode, String reason) {
        region.end(task(arn), new TaskState.Stop(stopCode, reason));
    }

    /** Gives a Spot task notice; one that is on demand is not touched. */
    public void interrupt(String arn) {
        region.interrupt(task(arn));
    }

    @Override
    public void close() {
        front.close();
    }

    private Task task(String arn) {
        return region.any(arn.substring(arn.lastIndexOf('/') + 1))
                .orElseThrow(() -> new IllegalArgumentException("there is no task " + arn));
    }
}
