package dev.runtimebridge;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.script.Cluster;
import dev.runtimebridge.emulator.script.Quota;
import dev.runtimebridge.emulator.script.Quotas;
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
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An emulator with all that it needs: its time, and what runs in its tasks. */
final class EmulatedAccount implements AutoCloseable {
    private final ScaledClock clock;
    private final AutoCloseable agents;
    private final Function<Image, Optional<String>> definitions;
    private final String host;
    private final Emulator emulator;

    private EmulatedAccount(
            ScaledClock clock,
            AutoCloseable agents,
            Function<Image, Optional<String>> definitions,
            String host,
            Emulator emulator) {
        this.clock = clock;
        this.agents = agents;
        this.definitions = definitions;
        this.host = host;
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
        return start(
                scenario,
                port,
                clock,
                tasks,
                tasks,
                image ->
                        provider.offers(image)
                                ? Optional.of(localDefinition(image))
                                : Optional.empty());
    }

    /** Starts one whose tasks are containers of a Docker engine; closes them, too. */
    static EmulatedAccount onDocker(Scenario scenario, int port, DockerTasks tasks) {
        var clock = new ScaledClock(scenario.scale(), InstantSource.system());
        return start(scenario, port, clock, tasks, tasks, tasks::definition);
    }

    /** Starts one whose tasks are stubs. */
    static EmulatedAccount withStubs(Scenario scenario, int port, int agentPort) {
        var clock = new ScaledClock(scenario.scale(), InstantSource.system());
        var stubs = new StubAgents(clock, agentPort);
        return start(scenario, port, clock, stubs, stubs, _ -> Optional.empty());
    }

    private static EmulatedAccount start(
            Scenario scenario,
            int port,
            ScaledClock clock,
            TaskRunner runner,
            AutoCloseable agents,
            Function<Image, Optional<String>> definitions) {
        try {
            return new EmulatedAccount(
                    clock,
                    agents,
                    definitions,
                    runner.host(),
                    Emulator.start(scenario, clock, runner, port));
        } catch (RuntimeException e) {
            close(agents);
            clock.close();
            throw e;
        }
    }

    Emulator emulator() {
        return emulator;
    }

    /** The task definition that runs what the image is for; empty where its tasks cannot. */
    Optional<String> definition(Image image) {
        return definitions.apply(image);
    }

    /** Any will do: the agent is this machine's, with the programs that are here. */
    static String localDefinition(Image image) {
        return image.language().replaceAll("[^a-z0-9_-]", "") + "-" + image.id().value() + ":1";
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
        if (scenario.scale() != 1) {
            settings.putAll(rates(scenario.scale()));
        }
        return settings;
    }

    /**
     * The usual ones: the account counts its own seconds, the bridge real ones. What a script has
     * otherwise is for the bridge to find out.
     */
    private static Map<String, String> rates(double scale) {
        var quotas = Quotas.usual();
        var rates = new LinkedHashMap<String, String>();
        rates.put("QUOTA_TASKS", rate(quotas.fargateTasks(), scale));
        rates.put("QUOTA_SPOT_TASKS", rate(quotas.spotTasks(), scale));
        rates.put("QUOTA_RUN_TASK", rate(quotas.runTask(), scale));
        rates.put("QUOTA_TASK_WRITES", rate(quotas.clusterResourceModify(), scale));
        rates.put("QUOTA_TASK_READS", rate(quotas.clusterResourceRead(), scale));
        return rates;
    }

    private static String rate(Quota quota, double scale) {
        long perSecond = Math.max(1, Math.round(quota.perSecond() * scale));
        return quota.burst() + "/" + perSecond;
    }

    /** This machine as its tasks see it, where that is not the loopback. */
    Optional<String> agentDoor() {
        return Optional.of(host).filter(it -> !it.equals(TaskRunner.LOOPBACK));
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
