package dev.runtimebridge.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.testing.FleetRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class DeadlinesTest {
    private static final FleetSettings SETTINGS = FleetRig.SETTINGS;
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final FleetRig rig = new FleetRig();

    @BeforeEach
    void nothingEverStarts() {
        rig.provider.startsTake(Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private AllocationState state(AllocationId id) {
        return rig.allocation(id).state();
    }

    @Test
    void aContainerThatFetchesItsImageIsNotReplacedAtItsDeadline() {
        rig.provider.busy(ref -> true);
        rig.ask("7");
        rig.turns(3);
        rig.clock.pass(SETTINGS.startDeadline());
        rig.turns(3);
        assertThat(rig.provider.stopped()).isEmpty();

        rig.provider.busy(ref -> false);
        rig.turns(80);
        assertThat(rig.provider.stopped()).hasSize(1);
    }

    @Test
    void whoWaitsForSuchAContainerWaitsAsLongAndNobodyElseDoes() {
        var first = rig.ask("7");
        rig.turns(2);
        var ref = rig.provider.running().getFirst();
        rig.provider.busy(ref::equals);
        rig.clock.pass(MOMENT);
        var second = rig.ask("8");
        rig.turns(2);
        rig.clock.pass(SETTINGS.launchDeadline());
        rig.turns(3);
        assertThat(state(first)).isEqualTo(AllocationState.WAITING);
        assertThat(state(second)).isEqualTo(AllocationState.ENDED);
    }

    @Test
    void nothingTakesLongerThanTheLimitHoweverBusyItIs() {
        rig.provider.busy(ref -> true);
        var id = rig.ask("7");
        rig.turns(3);
        rig.clock.pass(SETTINGS.busyLimit());
        rig.turns(3);
        assertThat(rig.provider.stopped()).isNotEmpty();
        assertThat(rig.allocation(id).endReason().map(EndReason::code))
                .contains(EndReason.Code.LAUNCH_TIMED_OUT);
    }

    @Test
    void aRestartedBridgeLooksBeforeItGivesALateContainerUp() {
        rig.provider.busy(ref -> true);
        rig.ask("7");
        rig.turns(3);
        rig.restart();
        rig.clock.pass(SETTINGS.startDeadline());
        rig.turns(3);
        assertThat(rig.provider.stopped()).isEmpty();
    }

    @Test
    void whoWaitedInVainLearnsHowFarItGotAndWhatToDo() {
        var id = rig.ask("7");
        rig.turns(3);
        rig.clock.pass(SETTINGS.startDeadline());
        rig.turns(2);
        rig.clock.pass(SETTINGS.launchDeadline().minus(SETTINGS.startDeadline()));
        rig.turns(2);
        var why = rig.allocation(id).endReason().orElseThrow();
        assertThat(why.detail()).contains("its agent did not answer", "last seen: starting");
        assertThat(why.fault())
                .hasValueSatisfying(
                        fault -> {
                            assertThat(fault.kind()).isEqualTo("timed_out");
                            assertThat(fault.owner()).isEqualTo(Fault.Owner.ADMIN);
                            assertThat(fault.hint()).contains("log");
                        });
    }

    @Test
    void aRequestIsNotRepeatedForAnHourHoweverLongContainersMayTake() {
        rig.close();
        try (var patient = new FleetRig(Duration.ofHours(5))) {
            patient.provider.fail(
                    ProviderException.repeatable(new Cause(Kind.INFRASTRUCTURE, "away"), null));
            patient.ask("7");
            patient.turns(2);
            int before = patient.provider.calls("start");
            patient.provider.admit((wanted, unanswered) -> 0);
            patient.clock.pass(Duration.ofMinutes(56));
            patient.turns(2);
            assertThat(patient.provider.calls("start")).isEqualTo(before);
            assertThat(patient.store.live("fake")).isEmpty();
        }
    }
}
