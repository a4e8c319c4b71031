package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.ManualClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The provider with the real SDK over HTTP against the emulator, both in a time that only tests
 * move: whoever waits for a turn moves it, too.
 */
public final class EmulatedFargate implements AutoCloseable {
    public static final Image IMAGE =
            new Image(
                    new ImageId(1),
                    "Python 3",
                    "python",
                    1,
                    new Image.Run("", "", "workspace:1"),
                    new Image.Size(250, 512, Architecture.X86_64),
                    true);
    private static final int AGENT_PORT = 8000;

    public final ManualClock clock = new ManualClock();
    public final Emulator emulator;
    private final StubAgents agents = new StubAgents(clock, AGENT_PORT);
    private final List<FargateProvider> opened = new ArrayList<>();
    private final Duration unseen;
    private FargateSettings settings;
    private FargateProvider provider;

    public EmulatedFargate(Scenario scenario) {
        this(scenario, Quotas.DEFAULTS, AwsCalls.Pace.UNSEEN);
    }

    /** With other ideas of what AWS takes, and of how long it may not know a new task. */
    EmulatedFargate(Scenario scenario, Quotas quotas, Duration unseen) {
        this.unseen = unseen;
        emulator = Emulator.start(scenario, clock, agents, 0);
        settings =
                new FargateSettings(
                        "bridge",
                        scenario.region(),
                        Optional.of(emulator.endpoint()),
                        Optional.of(
                                new AccessKey(
                                        "AKIAEMULATED", new Secret("none"), Optional.empty())),
                        network(Reach.PRIVATE, scenario),
                        Capacity.ON_DEMAND,
                        "test",
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        quotas);
        provider = open(settings);
    }

    private static Network network(Reach reach, Scenario scenario) {
        return new Network(
                scenario.subnets().stream().map(subnet -> subnet.id()).toList(),
                List.of("sg-agents"),
                reach == Reach.PUBLIC,
                reach);
    }

    private FargateProvider open(FargateSettings with) {
        var environment =
                new AgentEnvironment(
                        "bridge key",
                        () -> URI.create("http://127.0.0.1:1"),
                        AGENT_PORT,
                        List.of());
        var pace =
                new AwsCalls.Pace(
                        clock,
                        nanos -> clock.pass(Duration.ofNanos(nanos)),
                        Duration.ofMillis(1),
                        unseen);
        var made = FargateProvider.open(with, environment, pace, new Random(7));
        opened.add(made);
        return made;
    }

    public FargateProvider provider() {
        return provider;
    }

    /** Another process by the same settings: it knows nothing. */
    public FargateProvider restarted() {
        provider = open(settings);
        return provider;
    }

    FargateProvider restarted(FargateSettings with) {
        settings = with;
        return restarted();
    }

    /** Another installation in the same cluster. */
    FargateProvider neighbour() {
        return open(
                new FargateSettings(
                        settings.cluster(),
                        settings.region(),
                        settings.endpoint(),
                        settings.accessKey(),
                        settings.network(),
                        settings.capacity(),
                        "other",
                        Optional.empty(),
                        Optional.empty(),
                        settings.callTimeout(),
                        settings.quotas()));
    }

    FargateSettings settings(Capacity capacity, Reach reach, Optional<URI> queue) {
        return new FargateSettings(
                settings.cluster(),
                settings.region(),
                settings.endpoint(),
                settings.accessKey(),
                network(reach, emulator.script().scenario()),
                capacity,
                settings.installation(),
                Optional.empty(),
                queue,
                settings.callTimeout(),
                settings.quotas());
    }

    /** A batch where the provider would start one now. */
    Batch batch(String key, int count) {
        return new Batch(key, IMAGE, count, provider.place());
    }

    List<Started> start(String key, int count) {
        return provider.start(batch(key, count));
    }

    ContainerRef startOne(String key) {
        return accepted(start(key, 1)).getFirst();
    }

    static List<ContainerRef> accepted(List<Started> started) {
        return started.stream()
                .filter(Started.Accepted.class::isInstance)
                .map(one -> ((Started.Accepted) one).ref())
                .toList();
    }

    static List<Started.Declined> declined(List<Started> started) {
        return started.stream()
                .filter(Started.Declined.class::isInstance)
                .map(Started.Declined.class::cast)
                .toList();
    }

    Observation observe(ContainerRef ref) {
        return provider.observe(List.of(ref)).get(ref);
    }

    /** Asks as the loop does, four times a second, for so long. */
    Observation observeFor(ContainerRef ref, Duration time) {
        var last = observe(ref);
        for (var left = time; left.isPositive(); left = left.minusMillis(250)) {
            clock.pass(Duration.ofMillis(250));
            last = observe(ref);
        }
        return last;
    }

    long calls(String action) {
        return emulator.calls().of(action).all();
    }

    long throttled() {
        return emulator.calls().counts().values().stream().mapToLong(c -> c.throttled()).sum();
    }

    @Override
    public void close() {
        opened.forEach(FargateProvider::close);
        emulator.close();
        agents.close();
    }
}
