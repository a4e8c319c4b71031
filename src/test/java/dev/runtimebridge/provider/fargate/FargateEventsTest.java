package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The queue of events, which repeats, loses and reorders, in a time that passes by itself. */
class FargateEventsTest {
    private static final int PORT = 8000;

    private final ScaledClock clock = new ScaledClock(5, InstantSource.system());
    private final StubAgents agents = new StubAgents(clock, PORT);
    private final Emulator emulator =
            Emulator.start(
                    Scenario.usual()
                            .with(
                                    "events: {queue: changes, delay: 10ms..500ms, repeated: 0.5,"
                                            + " lost: 0}"),
                    clock,
                    agents,
                    0);
    private final LinkedBlockingQueue<ContainerRef> heard = new LinkedBlockingQueue<>();
    private final FargateProvider provider = provider();

    private FargateProvider provider() {
        var queue = emulator.endpoint().resolve("/123456789012/changes");
        var made =
                FargateProvider.open(
                        new FargateSettings(
                                "bridge",
                                "eu-central-1",
                                Optional.of(emulator.endpoint()),
                                Optional.of(
                                        new AccessKey("AKIA", new Secret("s"), Optional.empty())),
                                new Network(
                                        List.of("subnet-a"),
                                        List.of("sg-agents"),
                                        false,
                                        Reach.PRIVATE),
                                Capacity.ON_DEMAND,
                                "test",
                                Optional.empty(),
                                Optional.of(queue),
                                Duration.ofSeconds(5),
                                Quotas.DEFAULTS),
                        new AgentEnvironment(
                                "key", () -> URI.create("http://127.0.0.1:1"), PORT, List.of()),
                        new AwsCalls.Pace(
                                clock,
                                nanos -> clock.pause(Duration.ofNanos(nanos)),
                                Duration.ofMillis(1),
                                AwsCalls.Pace.UNSEEN),
                        new Random(7));
        made.onChange(heard::add);
        return made;
    }

    @AfterEach
    void stop() {
        provider.close();
        emulator.close();
        agents.close();
        clock.close();
    }

    private Observation observe(ContainerRef ref) {
        return provider.observe(List.of(ref)).get(ref);
    }

    @Test
    void whatHappensToATaskIsHeardAndKnownWithoutALook() throws Exception {
        var batch = new Batch("key", EmulatedFargate.IMAGE, 1, provider.place());
        var ref = EmulatedFargate.accepted(provider.start(batch)).getFirst();
        observe(ref); // somebody is interested
        while (!(observe(ref) instanceof Observation.Reachable)) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(ref);
        }
        long looks = emulator.calls().of("ecs:DescribeTasks").all();
        heard.clear();
        emulator.end(ref.value(), "InfrastructureHealth", "the host died");
        while (!(observe(ref) instanceof Observation.Gone)) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(ref);
        }
        assertThat(observe(ref))
                .isInstanceOfSatisfying(
                        Observation.Gone.class,
                        gone -> assertThat(gone.cause().detail()).contains("the host died"));
        assertThat(emulator.calls().of("ecs:DescribeTasks").all() - looks).isLessThanOrEqualTo(1);
    }

    @Test
    void aBridgeThatDoesNotRunTheLoopsLeavesTheQueueToTheOneThatDoes() throws Exception {
        var batch = new Batch("key", EmulatedFargate.IMAGE, 1, provider.place());
        provider.start(batch);
        clock.pause(Duration.ofSeconds(6));
        assertThat(emulator.calls().of("sqs:ReceiveMessage").all()).isZero();
        assertThat(heard).isEmpty();
    }
}
