package dev.runtimebridge;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.script.Cluster;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.SecurityGroup;
import dev.runtimebridge.emulator.script.Subnet;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.provider.local.AgentSoftware;
import dev.runtimebridge.provider.local.LocalProvider;
import dev.runtimebridge.provider.local.LocalSettings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An emulator with all that it needs: its time, and what runs in its tasks. */
final class EmulatedAccount implements AutoCloseable {
    private final ScaledClock clock;
    private final AutoCloseable agents;
    private final Predicate<Image> canRun;
    private final Emulator emulator;

    private EmulatedAccount(
            ScaledClock clock, AutoCloseable agents, Predicate<Image> canRun, Emulator emulator) {
        this.clock = clock;
        this.agents = agents;
        this.canRun = canRun;
        this.emulator = emulator;
    }

    /**
     * Where real agents live, and from what.
     *
     * @param folder where they keep what they keep
     * @param searchPath where programs are looked for, as {@code PATH} has it
     */
    record RealAgents(Path folder, String searchPath, AgentSoftware software) {}

    /**
     * Starts one whose tasks are agents as processes of this machine.
     *
     * @param port 0 for any
     * @param agentPort of every agent
     * @throws IOException when the folder cannot be used
     */
    static EmulatedAccount withRealAgents(
            Scenario scenario, int port, int agentPort, RealAgents real) throws IOException {
        var provider =
                LocalProvider.open(
                        new LocalSettings(
                                real.folder(),
                                real.searchPath(),
                                real.software(),
                                "",
                                () -> URI.create(""),
                                agentPort,
                                LocalSettings.SSH_PORT,
                                Map.of(),
                                LocalSettings.GRACE,
                                true),
                        new Ids(new SecureRandom()),
                        InstantSource.system());
        var clock = new ScaledClock(scenario.scale(), InstantSource.system());
        var tasks = new LocalTasks(provider, agentPort, clock);
        return start(scenario, port, clock, tasks, tasks, provider::offers);
    }

    /** Starts one whose tasks are stubs. */
    static EmulatedAccount withStubs(Scenario scenario, int port, int agentPort) {
        var clock = new ScaledClock(scenario.scale(), InstantSource.system());
        var stubs = new StubAgents(clock, agentPort);
        return start(scenario, port, clock, stubs, stubs, image -> true);
    }

    private static EmulatedAccount start(
            Scenario scenario,
            int port,
            ScaledClock clock,
            TaskRunner runner,
            AutoCloseable agents,
            Predicate<Image> canRun) {
        try {
            return new EmulatedAccount(
                    clock, agents, canRun, Emulator.start(scenario, clock, runner, port));
        } catch (RuntimeException e) {
            close(agents);
            clock.close();
            throw e;
        }
    }

    Emulator emulator() {
        return emulator;
    }

    /** Whether its tasks find the programs that the image is for. */
    boolean canRun(Image image) {
        return canRun.test(image);
    }

    /**
     * What a bridge must be told to use it, in the order that it is read best.
     *
     * @param agentPort of every agent
     */
    SequencedMap<String, String> settings(int agentPort) {
        var scenario = emulator.script().scenario();
        var settings = new LinkedHashMap<String, String>();
        settings.put("PROVIDER", "fargate");
        settings.put("AWS_ENDPOINT_URL", emulator.endpoint().toString());
        settings.put("AWS_REGION", scenario.region());
        settings.put("AWS_ACCESS_KEY_ID", "EMULATED");
        settings.put("AWS_SECRET_ACCESS_KEY", "emulated");
        settings.put("CLUSTER_NAME", names(scenario.clusters(), Cluster::name));
        settings.put("CONTAINER_SUBNETS", names(scenario.subnets(), Subnet::id));
        settings.put(
                "CONTAINER_SECURITY_GROUP", names(scenario.securityGroups(), SecurityGroup::id));
        settings.put("AGENT_PORT", Integer.toString(agentPort));
        return settings;
    }

    private static <T> String names(Collection<T> all, Function<T, String> name) {
        return all.stream().map(name).collect(Collectors.joining(","));
    }

    /** Ends every task. */
    @Override
    public void close() {
        emulator.close();
        close(agents);
        clock.close();
    }

    private static void close(AutoCloseable agents) {
        try {
            agents.close();
        } catch (Exception e) {
            throw new IllegalStateException("the tasks' agents did not end", e);
        }
    }
}
