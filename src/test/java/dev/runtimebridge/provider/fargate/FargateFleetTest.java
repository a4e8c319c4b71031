package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Fault.Owner;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Subnet;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.upkeep.OrphanSweep;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What users get when AWS fails: the loop, the database and the provider over the real wire. */
class FargateFleetTest {
    private static final Subnet A = Subnet.of("subnet-a", "eu-central-1a", "10.0.0.0/20");
    private static final Subnet B = Subnet.of("subnet-b", "eu-central-1b", "10.0.16.0/20");
    private static final Duration A_LAUNCH = Duration.ofSeconds(6);

    private final FargateFleet fleet = new FargateFleet(Scenario.usual());

    @AfterEach
    void stop() {
        fleet.close();
    }

    private void change(UnaryOperator<Scenario> how) {
        fleet.aws.emulator.script().change(how);
    }

    private List<LedgerEntry> started() {
        return fleet.aws.emulator.ledger().started();
    }

    private EndReason end(AllocationId id) {
        return fleet.allocation(id).endReason().orElseThrow();
    }

    @Test
    void oneLaunchCostsThreeCalls() {
        var id = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        assertThat(fleet.active(id)).isTrue();
        assertThat(fleet.aws.calls("ecs:RunTask")).isEqualTo(1);
        assertThat(fleet.aws.calls("ecs:DescribeTasks")).isLessThanOrEqualTo(2);
        assertThat(fleet.ledger()).isEqualTo(fleet.rows()).hasSize(1);
    }

    @Test
    void aThousandLaunchesAreStartedAsFastAsAwsTakesThemAndNeverFaster() {
        var ids = fleet.ask(1_000);
        var from = fleet.aws.clock.instant();
        while (!ids.stream().allMatch(fleet::active)) {
            fleet.turn();
            assertThat(Duration.between(from, fleet.aws.clock.instant()))
                    .isLessThan(Duration.ofSeconds(51));
        }
        assertThat(fleet.aws.throttled()).isZero();
        assertThat(started()).hasSize(1_000);
        long calls = fleet.aws.calls("ecs:RunTask") + fleet.aws.calls("ecs:DescribeTasks");
        assertThat(calls).isLessThanOrEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 14, 16, 17, 18, 20})
    void aBridgeKilledAtAnyMomentLeavesNothingBehindAndServesWhoWaits(int turns) {
        var ids = fleet.ask(25);
        for (int i = 0; i < turns; i++) {
            fleet.turn();
        }
        fleet.pass();
        fleet.restart();
        fleet.runFor(A_LAUNCH.multipliedBy(2));
        assertThat(ids).allMatch(fleet::active);
        assertThat(started()).hasSize(25);
        assertThat(fleet.ledger()).isEqualTo(fleet.rows());
    }

    @Test
    void aBridgeKilledAmidAThousandLaunchesGoesOnAtAwsPace() {
        var ids = fleet.ask(1_000);
        var from = fleet.aws.clock.instant();
        fleet.runFor(Duration.ofSeconds(20));
        fleet.pass();
        fleet.aws.clock.pass(Duration.ofSeconds(2));
        fleet.restart();
        while (!ids.stream().allMatch(fleet::active)) {
            fleet.turn();
            assertThat(Duration.between(from, fleet.aws.clock.instant()))
                    .isLessThan(Duration.ofSeconds(54));
        }
        assertThat(fleet.aws.throttled()).isZero();
        assertThat(started()).hasSize(1_000);
        assertThat(fleet.ledger()).isEqualTo(fleet.rows());
    }

    @Test
    void aFewTasksThatFailAmongManyHoldUpNobody() {
        fleet.aws
                .emulator
                .script()
                .add(
                        Fate.stop(
                                6,
                                "PROVISIONING",
                                "TaskFailedToStart",
                                "Timeout waiting for network interface provisioning to complete."));
        var ids = fleet.ask(300);
        var from = fleet.aws.clock.instant();
        while (!ids.stream().allMatch(fleet::active)) {
            fleet.turn();
            assertThat(Duration.between(from, fleet.aws.clock.instant()))
                    .isLessThan(Duration.ofSeconds(20));
        }
        assertThat(started()).hasSize(306);
    }

    @Test
    void aBridgeKilledBeforeItReadTheReplyAdoptsTheTasks() {
        fleet.aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 0));
        var ids = fleet.ask(10);
        fleet.turn();
        fleet.aws.emulator.script().clear();
        fleet.restart();
        fleet.runFor(A_LAUNCH.multipliedBy(3));
        assertThat(ids).allMatch(fleet::active);
        assertThat(started()).hasSize(10);
    }

    @Test
    void ofTenAskedForSevenAreServedAndThreeAreStartedInTheNextSubnet() {
        change(s -> s.withSubnets(A.withCapacity(7), B.withCapacity(7)));
        var ids = fleet.ask(10);
        fleet.runFor(A_LAUNCH.plusSeconds(2));
        assertThat(ids).allMatch(fleet::active);
        assertThat(started())
                .hasSize(10)
                .extracting(LedgerEntry::subnet)
                .contains("subnet-a", "subnet-b");
        assertThat(fleet.aws.calls("ecs:RunTask")).isEqualTo(2);
    }

    @Test
    void withoutCapacityAnywhereTheUserIsToldSoonAndMayComeAgain() {
        change(s -> s.withSubnets(A.withCapacity(0), B.withCapacity(0)));
        var id = fleet.ask("7");
        fleet.runFor(Duration.ofSeconds(10));
        var fault = end(id).fault().orElseThrow();
        assertThat(end(id).code()).isEqualTo(EndReason.Code.START_FAILED);
        assertThat(fault.kind()).isEqualTo("capacity");
        assertThat(fault.owner()).isEqualTo(Owner.PROVIDER);
        assertThat(fleet.aws.calls("ecs:RunTask")).isBetween(3L, 6L);

        change(s -> s.withSubnets(A, B));
        fleet.aws.clock.pass(Duration.ofMinutes(1));
        var again = fleet.ask("7");
        fleet.runFor(A_LAUNCH.plusSeconds(4));
        assertThat(fleet.active(again)).isTrue();
    }

    @Test
    void aTaskThatDiesWhileItStartsIsReplacedAndTheUserReadsWhy() {
        fleet.aws
                .emulator
                .script()
                .add(
                        Fate.stop(
                                1,
                                "PROVISIONING",
                                "TaskFailedToStart",
                                "Timeout waiting for network interface provisioning to complete."));
        var id = fleet.ask("7");
        fleet.runFor(A_LAUNCH.multipliedBy(3));
        assertThat(fleet.active(id)).isTrue();
        assertThat(started()).hasSize(2);
        assertThat(fleet.story(id))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains("did not provide the network interface in time"));
    }

    @Test
    void anImageThatCannotBePulledIsNotTriedAgain() {
        fleet.aws
                .emulator
                .script()
                .add(
                        Fate.stop(
                                0,
                                "PENDING",
                                "TaskFailedToStart",
                                "CannotPullContainerError: docker.io/library/nope: not found"));
        var id = fleet.ask("7");
        fleet.runFor(Duration.ofSeconds(30));
        assertThat(end(id).detail()).contains("there is no such container image");
        assertThat(end(id).fault().orElseThrow().owner()).isEqualTo(Owner.ADMIN);
        assertThat(started()).hasSize(1);
    }

    @Test
    void aTaskWithoutAnInterfaceIsStoppedAtItsDeadlineAndAnotherIsStarted() {
        replacedAtItsDeadline(Fate.Kind.NO_INTERFACE, "its agent did not answer");
    }

    private void replacedAtItsDeadline(Fate.Kind fate, String told) {
        fleet.aws.emulator.script().add(Fate.of(fate, 1));
        var id = fleet.ask("7");
        fleet.runFor(FargateFleet.SETTINGS.startDeadline().plus(A_LAUNCH).plusSeconds(5));
        assertThat(fleet.active(id)).isTrue();
        assertThat(started()).hasSize(2);
        assertThat(fleet.ledger()).isEqualTo(fleet.rows());
        assertThat(fleet.story(id)).anySatisfy(line -> assertThat(line).contains(told));
    }

    @Test
    void aTaskWithoutAPublicAddressWhereOneIsNeededIsReplacedAtItsDeadline() {
        fleet.restart(fleet.aws.settings(Capacity.ON_DEMAND, Reach.PUBLIC, Optional.empty()));
        replacedAtItsDeadline(Fate.Kind.NO_PUBLIC_IP, "without a public address");
    }

    @Test
    void aRowWhoseTaskAwsHasForgottenIsClosedAndTheUserLaunchesAgain() {
        var id = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        fleet.aws.emulator.end(started().getFirst().arn(), "InfrastructureHealth", "the host died");
        fleet.aws.clock.pass(Duration.ofHours(2));
        fleet.restart();
        for (var left = AwsCalls.Pace.UNSEEN.plusSeconds(15);
                left.isPositive();
                left = left.minusSeconds(5)) {
            fleet.sweepRunning();
            fleet.runFor(Duration.ofSeconds(5));
        }
        assertThat(end(id).code()).isEqualTo(EndReason.Code.CONTAINER_LOST);
        assertThat(end(id).detail()).contains("AWS no longer knows the task");
        var again = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        assertThat(fleet.active(again)).isTrue();
    }

    @Test
    void anImageThatTakesLongToPullIsWaitedFor() {
        change(s -> s.with("phases: {pull: 3m}"));
        fleet.agents.silent(true);
        var id = fleet.ask("7");
        fleet.runFor(Duration.ofMinutes(3));
        assertThat(started()).hasSize(1);
        fleet.agents.silent(false);
        fleet.runFor(Duration.ofSeconds(5));
        assertThat(fleet.active(id)).isTrue();
        assertThat(started()).hasSize(1);
    }

    @Test
    void expiredCredentialsEndLaunchesWithTheReasonAndLeaveUsersWithContainersAlone() {
        var happy = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        change(s -> s.with("credentialsExpired: true"));
        var unhappy = fleet.ask("8");
        for (int i = 0; i < 60; i++) {
            fleet.sweepRunning();
            fleet.runFor(Duration.ofSeconds(1));
        }
        assertThat(end(unhappy).fault().orElseThrow().kind()).isEqualTo("permission");
        assertThat(fleet.active(happy)).isTrue();
        assertThat(fleet.aws.calls("ecs:DescribeTasks")).isLessThan(20);
        change(s -> s.with("credentialsExpired: false"));
        fleet.aws.clock.pass(Duration.ofSeconds(40));
        var later = fleet.ask("8");
        fleet.runFor(A_LAUNCH.plusSeconds(3));
        assertThat(fleet.active(later)).isTrue();
    }

    @Test
    void whatTheDatabaseDoesNotKnowIsStoppedByTheSecondSweep() {
        fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        fleet.aws.startOne("orphan");
        assertThat(fleet.ledger()).hasSize(2);
        fleet.sweepOrphans();
        assertThat(fleet.ledger()).hasSize(2);
        assertThat(fleet.sweepOrphans()).isInstanceOf(OrphanSweep.Finding.Stopped.class);
        assertThat(fleet.ledger()).isEqualTo(fleet.rows()).hasSize(1);
    }

    @Test
    void aTaskThatIsNoLongerThereEndsTheUsersContainerAndTheyMayLaunchAgain() {
        var id = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        fleet.aws.emulator.end(started().getFirst().arn(), "InfrastructureHealth", "the host died");
        for (int i = 0; i < 20; i++) {
            fleet.sweepRunning();
            fleet.runFor(Duration.ofSeconds(1));
        }
        assertThat(end(id).code()).isEqualTo(EndReason.Code.CONTAINER_LOST);
        assertThat(end(id).detail()).contains("the host died");
        var again = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        assertThat(fleet.active(again)).isTrue();
    }

    @Test
    void aLostStopReplyEndsTheContainerOnce() {
        var id = fleet.ask("7");
        fleet.runFor(A_LAUNCH);
        fleet.aws.emulator.script().add(CallFault.of("StopTask", CallFault.Kind.LOSE_REPLY, 2));
        fleet.end(id);
        fleet.runFor(Duration.ofSeconds(5));
        assertThat(fleet.allocation(id).state().live()).isFalse();
        assertThat(fleet.ledger()).isEmpty();
    }
}
