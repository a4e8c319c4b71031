package dev.runtimebridge.provider.fargate;

import static dev.runtimebridge.provider.fargate.EmulatedFargate.accepted;
import static dev.runtimebridge.provider.fargate.EmulatedFargate.declined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Subnet;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What AWS does to the provider, over the real wire. */
class FargateFaultsTest {
    private static final Subnet A = Subnet.of("subnet-a", "eu-central-1a", "10.0.0.0/20");
    private static final Subnet B = Subnet.of("subnet-b", "eu-central-1b", "10.0.16.0/20");

    private final EmulatedFargate aws = new EmulatedFargate(Scenario.usual());

    @AfterEach
    void stop() {
        aws.close();
    }

    private void change(UnaryOperator<Scenario> how) {
        aws.emulator.script().change(how);
    }

    private static Kind kind(Observation seen) {
        return ((Observation.Gone) seen).cause().kind();
    }

    // --- starting ---

    @Test
    void whatIsBeingAskedForDoesNotTakeItsRoomTwice() {
        var admitted = new AtomicInteger();
        aws.emulator
                .calls()
                .watch(call -> admitted.set(aws.provider().admits(Integer.MAX_VALUE, 10)));
        aws.start("key", 10);
        assertThat(admitted).hasValue(90);
        assertThat(aws.provider().admits(Integer.MAX_VALUE, 10)).isEqualTo(80);
    }

    @Test
    void aLostRunTaskReplyStartsOneTask() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 1));
        var ref = aws.startOne("key");
        assertThat(aws.emulator.ledger().started())
                .extracting(LedgerEntry::arn)
                .containsExactly(ref.value());
    }

    @Test
    void aProcessThatEndedBeforeItReadTheReplyFindsTheSameTasksAgain() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 0));
        var batch = aws.batch("key", 7);
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> aws.provider().start(batch))
                .satisfies(e -> assertThat(e.repeatable()).isTrue());
        aws.emulator.script().clear();
        var found = aws.restarted().start(batch);
        assertThat(accepted(found)).hasSize(7);
        assertThat(aws.emulator.ledger().started()).hasSize(7);
        assertThat(aws.provider().start(batch)).isEqualTo(found);
    }

    @Test
    void settingsThatChangedBetweenTheRequestAndItsReplayStartNothingTwice() {
        var batch = aws.batch("key", 3);
        var first = accepted(aws.provider().start(batch));
        var settings = aws.settings(Capacity.ON_DEMAND, Reach.PUBLIC, Optional.empty());
        var again = aws.restarted(settings).start(batch);
        assertThat(accepted(again)).isEqualTo(first);
        assertThat(aws.emulator.ledger().started()).hasSize(3);
        assertThat(aws.observeFor(first.getFirst(), Duration.ofSeconds(5)))
                .isNotInstanceOf(Observation.Gone.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = CallFault.Kind.class,
            names = {"THROTTLE", "THROTTLE_WRAPPED"})
    void throttlingIsRepeatedWithoutAStorm(CallFault.Kind kind) {
        aws.emulator.script().add(CallFault.of("RunTask", kind, 2));
        aws.startOne("key");
        assertThat(aws.calls("ecs:RunTask")).isEqualTo(3);
        assertThat(aws.emulator.ledger().started()).hasSize(1);
        assertThat(aws.provider().trouble()).isEmpty();
    }

    @Test
    void throttlingThatGoesOnEndsInAPassingFailure() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.THROTTLE, 0));
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> aws.startOne("key"))
                .satisfies(e -> assertThat(e.repeatable()).isTrue());
        assertThat(aws.calls("ecs:RunTask")).isEqualTo(4);
    }

    @Test
    void tenAskedForAndSevenStartedIsToldOneByOne() {
        change(s -> s.withSubnets(A.withCapacity(7)));
        var started =
                aws.restarted(aws.settings(Capacity.ON_DEMAND, Reach.PRIVATE, Optional.empty()))
                        .start(aws.batch("key", 10));
        assertThat(accepted(started)).hasSize(7);
        assertThat(declined(started))
                .hasSize(3)
                .allSatisfy(d -> assertThat(d.cause().kind()).isEqualTo(Kind.CAPACITY));
    }

    @Test
    void aFullSubnetIsLeftForTheNextAndTheLastOneIsAFailure() {
        change(s -> s.withSubnets(A.withCapacity(0), B.withCapacity(0)));
        var first = declined(aws.start("one", 1)).getFirst().cause();
        var second = declined(aws.start("two", 1)).getFirst().cause();
        assertThat(first.kind()).isEqualTo(Kind.NO_ROOM_HERE);
        assertThat(second.kind()).isEqualTo(Kind.CAPACITY);
        assertThat(second.hint()).contains("CONTAINER_SUBNETS");
    }

    @Test
    void aSubnetWithoutAddressesIsLeftForTheNext() {
        change(
                s ->
                        s.with(
                                "subnets: [{id: subnet-a, zone: a, cidr: 10.0.0.0/28,"
                                    + " freeAddresses: 0, capacity: -1, spotCapacity: -1, route:"
                                    + " nat, publicIps: true}, {id: subnet-b, zone: b, cidr:"
                                    + " 10.0.16.0/20, freeAddresses: 100, capacity: -1,"
                                    + " spotCapacity: -1, route: nat, publicIps: true}]"));
        var subnets = new HashSet<String>();
        for (int i = 0; i < 4; i++) {
            aws.start("key" + i, 1);
        }
        aws.emulator.ledger().started().forEach(entry -> subnets.add(entry.subnet()));
        assertThat(subnets).containsExactly("subnet-b");
        assertThat(aws.emulator.ledger().started()).hasSize(3);
    }

    @Test
    void spotIsTakenFirstAndOnDemandWhereThereIsNone() {
        aws.restarted(aws.settings(Capacity.SPOT, Reach.PRIVATE, Optional.empty()));
        aws.startOne("spot");
        change(
                s ->
                        s.with(
                                "subnets: [{id: subnet-a, zone: a, cidr: 10.0.0.0/20,"
                                    + " freeAddresses: 100, capacity: -1, spotCapacity: 0, route:"
                                    + " nat, publicIps: true}, {id: subnet-b, zone: b, cidr:"
                                    + " 10.0.16.0/20, freeAddresses: 100, capacity: -1,"
                                    + " spotCapacity: 0, route: nat, publicIps: true}]"));
        assertThat(declined(aws.start("no-spot-1", 1))).hasSize(1);
        assertThat(declined(aws.start("no-spot-2", 1))).hasSize(1);
        aws.startOne("on-demand");
        assertThat(aws.emulator.ledger().started())
                .extracting(LedgerEntry::spot)
                .containsExactly(true, false);
    }

    @Test
    void aSpotTaskThatWillBeTakenAwayRunsOnUntilItIs() {
        aws.restarted(aws.settings(Capacity.SPOT, Reach.PRIVATE, Optional.empty()));
        change(s -> s.with("phases: {stopping: 20s}"));
        var ref = aws.startOne("spot");
        aws.observeFor(ref, Duration.ofSeconds(6));

        aws.emulator.interrupt(ref.value());
        assertThat(aws.observeFor(ref, Duration.ofSeconds(11)))
                .isInstanceOfSatisfying(
                        Observation.Leaving.class,
                        it -> {
                            assertThat(it.cause().kind()).isEqualTo(Kind.INTERRUPTED);
                            assertThat(it.cause().detail()).contains("within two minutes");
                            assertThat(it.cause().hint()).contains("save", "launch");
                        });
        assertThat(aws.provider().owned()).isEmpty();
        assertThat(kind(aws.observeFor(ref, Duration.ofSeconds(20)))).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void aSpotTaskThatIsTakenAwayBeforeItRunsIsGone() {
        aws.restarted(aws.settings(Capacity.SPOT, Reach.PRIVATE, Optional.empty()));
        var ref = aws.startOne("spot");
        aws.emulator.interrupt(ref.value());
        assertThat(kind(aws.observeFor(ref, Duration.ofSeconds(5)))).isEqualTo(Kind.INTERRUPTED);
    }

    // --- settings that AWS does not take ---

    @Test
    void anUnknownTaskDefinitionMakesTheImageUnavailableAndNothingElse() {
        var unknown =
                new Image(
                        EmulatedFargate.IMAGE.id(),
                        "Nope",
                        "none",
                        1,
                        new Image.Run("", "", "nope:1"),
                        EmulatedFargate.IMAGE.size(),
                        true);
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> aws.provider().start(new Batch("key", unknown, 1, "")))
                .satisfies(e -> assertThat(e.why().kind()).isEqualTo(Kind.IMAGE))
                .satisfies(e -> assertThat(e.why().detail()).contains("nope:1"))
                .satisfies(e -> assertThat(e.repeatable()).isFalse());
        assertThat(aws.provider().offers(unknown)).isFalse();
        assertThat(aws.provider().offers(EmulatedFargate.IMAGE)).isTrue();
        assertThat(aws.calls("ecs:RunTask")).isZero();
        aws.startOne("other");
    }

    @Test
    void anImageWithoutATaskDefinitionIsNotOffered() {
        var local =
                new Image(
                        EmulatedFargate.IMAGE.id(),
                        "Local",
                        "none",
                        1,
                        new Image.Run("sh", "", " "),
                        EmulatedFargate.IMAGE.size(),
                        true);
        assertThat(aws.provider().offers(local)).isFalse();
    }

    // --- looking ---

    @Test
    void oneTaskCostsThreeCallsUntilItIsReachable() {
        var ref = aws.startOne("key");
        assertThat(aws.observeFor(ref, Duration.ofSeconds(4)))
                .isInstanceOf(Observation.Reachable.class);
        assertThat(aws.calls("ecs:RunTask") + aws.calls("ecs:DescribeTasks"))
                .isLessThanOrEqualTo(3);
        assertThat(aws.calls("ec2:DescribeNetworkInterfaces")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"both", "attachment", "container"})
    void theAddressIsFoundWhereverAwsShowsIt(String where) {
        change(s -> s.with("address: " + where));
        var ref = aws.startOne("key");
        assertThat(aws.observeFor(ref, Duration.ofSeconds(8)))
                .isInstanceOf(Observation.Reachable.class);
    }

    @Test
    void aTaskThatAwsDoesNotShowForAMinuteIsWaitedFor() {
        change(s -> s.with("missing: 60s"));
        var ref = aws.startOne("key");
        assertThat(aws.observeFor(ref, Duration.ofSeconds(50)))
                .isInstanceOf(Observation.Pending.class);
        assertThat(aws.observeFor(ref, Duration.ofSeconds(25)))
                .isInstanceOf(Observation.Reachable.class);
    }

    @Test
    void aTaskThatAwsForgotAfterALongRunIsGone() {
        var ref = aws.startOne("key");
        aws.observeFor(ref, Duration.ofSeconds(8));
        aws.emulator.end(ref.value(), "UserInitiated", "somebody");
        aws.clock.pass(Duration.ofHours(2));
        aws.restarted();
        assertThat(aws.observe(ref)).isInstanceOf(Observation.Pending.class);
        assertThat(kind(aws.observeFor(ref, Duration.ofMinutes(3)))).isEqualTo(Kind.LOST);
    }

    @ParameterizedTest
    @CsvSource({
        "PROVISIONING, TaskFailedToStart, Timeout waiting for network interface provisioning to"
                + " complete., INFRASTRUCTURE",
        "PENDING, TaskFailedToStart, 'CannotPullContainerError: docker.io/x: not found', IMAGE",
        "RUNNING, EssentialContainerExited, Essential container in task exited, EXITED"
    })
    void aTaskThatStopsSaysWhy(String at, String code, String reason, Kind kind) {
        aws.emulator.script().add(Fate.stop(1, at, code, reason));
        var ref = aws.startOne("key");
        var seen = aws.observeFor(ref, Duration.ofSeconds(30));
        assertThat(kind(seen)).isEqualTo(kind);
        assertThat(((Observation.Gone) seen).cause().detail()).contains(reason);
    }

    @Test
    void aTaskThatEndsForWantOfRoomLeavesItsSubnetToTheOthers() {
        aws.emulator
                .script()
                .add(
                        Fate.stop(
                                1,
                                "PROVISIONING",
                                "TaskFailedToStart",
                                "Capacity is unavailable at this time. Please try again later or in"
                                        + " a different availability zone"));
        var ref = aws.startOne("key");
        var subnet = aws.emulator.ledger().started().getFirst().subnet();
        assertThat(kind(aws.observeFor(ref, Duration.ofSeconds(10)))).isEqualTo(Kind.NO_ROOM_HERE);
        for (int i = 0; i < 4; i++) {
            assertThat(aws.provider().place()).doesNotContain(subnet);
        }
    }

    @Test
    void anInterfaceThatNeverComesStaysPendingUntilAwsGivesUp() {
        aws.emulator.script().add(Fate.of(Fate.Kind.NO_INTERFACE, 1));
        var ref = aws.startOne("key");
        assertThat(aws.observeFor(ref, Duration.ofSeconds(30)))
                .isInstanceOf(Observation.Pending.class);
        assertThat(kind(aws.observeFor(ref, Duration.ofMinutes(4)))).isEqualTo(Kind.INFRASTRUCTURE);
    }

    @Test
    void publicAddressesAreFoundManyAtATimeAndAMissingOneIsSaidToBeMissing() {
        aws.restarted(aws.settings(Capacity.ON_DEMAND, Reach.PUBLIC, Optional.empty()));
        aws.emulator.script().add(Fate.of(Fate.Kind.NO_PUBLIC_IP, 1));
        var refs = accepted(aws.start("key", 10));
        var without =
                refs.stream()
                        .filter(
                                ref ->
                                        aws.observeFor(ref, Duration.ofMillis(1))
                                                instanceof Observation.Pending)
                        .count();
        assertThat(without).isEqualTo(10);
        aws.clock.pass(Duration.ofSeconds(4));
        var seen = aws.provider().observe(refs).values();
        assertThat(seen.stream().filter(Observation.Reachable.class::isInstance)).hasSize(9);
        assertThat(seen)
                .filteredOn(Observation.Pending.class::isInstance)
                .singleElement()
                .satisfies(
                        one ->
                                assertThat(((Observation.Pending) one).phase())
                                        .contains("without a public address"));
        assertThat(aws.calls("ec2:DescribeNetworkInterfaces")).isLessThanOrEqualTo(3);
    }

    // --- stopping, listing ---

    @Test
    void aLostStopReplyIsRepeated() {
        var ref = aws.startOne("key");
        aws.emulator.script().add(CallFault.of("StopTask", CallFault.Kind.LOSE_REPLY, 1));
        aws.provider().stop(ref, "test");
        assertThat(aws.provider().owned()).isEmpty();
        assertThat(aws.emulator.ledger().started().getFirst().reason())
                .isEqualTo("runtime-bridge: test");
    }

    @Test
    void onlyWhatCarriesOurMarkIsOursHoweverManyPagesItTakes() {
        for (int i = 0; i < 25; i++) {
            aws.start("key" + i, 10);
        }
        aws.clock.pass(Duration.ofSeconds(1));
        aws.neighbour().start(aws.batch("theirs", 10));
        assertThat(aws.emulator.ledger().started()).hasSize(260);
        assertThat(aws.provider().owned()).hasSize(250);
        assertThat(aws.throttled()).isZero();
    }

    // --- credentials ---

    @Test
    void expiredCredentialsAreToldOnceAndTriedNowAndThen() {
        var ref = aws.startOne("key");
        change(s -> s.with("credentialsExpired: true"));
        long before = aws.calls("ecs:RunTask");
        for (int i = 0; i < 200; i++) {
            var batch = aws.batch("key" + i, 1);
            assertThatExceptionOfType(ProviderException.class)
                    .isThrownBy(() -> aws.provider().start(batch))
                    .satisfies(e -> assertThat(e.why().kind()).isEqualTo(Kind.PERMISSION));
            aws.clock.pass(Duration.ofMillis(250));
        }
        assertThat(aws.calls("ecs:RunTask") - before).isBetween(3L, 12L);
        assertThat(aws.provider().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("credentials"));
        change(s -> s.with("credentialsExpired: false"));
        aws.clock.pass(Duration.ofSeconds(11));
        aws.startOne("afterwards");
        assertThat(aws.provider().trouble()).isEmpty();
        assertThat(aws.observeFor(ref, Duration.ofSeconds(8)))
                .isInstanceOf(Observation.Reachable.class);
    }

    @Test
    void aDeniedActionIsNamedAndTheOthersGoOn() {
        var ref = aws.startOne("key");
        change(s -> s.with("denied: ['ecs:RunTask']"));
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> aws.startOne("other"))
                .satisfies(
                        e ->
                                assertThat(e.why().hint())
                                        .isEqualTo("grant ecs:RunTask to the bridge's role"));
        assertThat(aws.observeFor(ref, Duration.ofSeconds(8)))
                .isInstanceOf(Observation.Reachable.class);
        aws.provider().stop(ref, "test");
    }

    @Test
    void awsThatIsNotThereIsSaidAndComesBack() {
        aws.emulator.script().add(CallFault.of("*", CallFault.Kind.LOSE_REQUEST, 0));
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> aws.startOne("key"))
                .satisfies(e -> assertThat(e.repeatable()).isTrue());
        assertThat(aws.provider().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("cannot be reached"));
        aws.emulator.script().clear();
        aws.clock.pass(Duration.ofSeconds(11));
        aws.startOne("key");
        assertThat(aws.provider().trouble()).isEmpty();
    }
}
