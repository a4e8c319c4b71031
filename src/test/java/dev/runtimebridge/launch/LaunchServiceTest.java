package dev.runtimebridge.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.launch.LaunchOutcome.Failed;
import dev.runtimebridge.launch.LaunchOutcome.ImageUnavailable;
import dev.runtimebridge.launch.LaunchOutcome.Launched;
import dev.runtimebridge.launch.LaunchOutcome.NoSuchImage;
import dev.runtimebridge.launch.LaunchOutcome.StillStarting;
import dev.runtimebridge.launch.LaunchOutcome.TooManyContainers;
import dev.runtimebridge.launch.LaunchOutcome.TooManyWaiting;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.testing.FleetRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The clock stands still except where a turn of the rig moves it, so that patience runs out only
 * when a test says so.
 */
@Timeout(60)
class LaunchServiceTest {
    private static final UserId ALICE = new UserId("alice");
    private static final ImageId GO = new ImageId(6);
    private static final Cause NOTICE =
            new Cause(Cause.Kind.INTERRUPTED, "it will be taken away").hint("save your files");
    private static final int MOST_CONTAINERS = 2;
    private static final int MOST_WAITING = 50;

    private volatile ImageId unavailable = GO;
    private volatile long drawn;
    private final FleetRig rig = new FleetRig();
    private final Waiting waiting = new Waiting(rig.claims);
    private final Claimer claimer = new Claimer(rig.claims, MOST_CONTAINERS);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Catalog catalog =
            new Catalog(new SqlImages(rig.database), image -> !image.id().equals(unavailable));
    private final LaunchService launches =
            new LaunchService(
                    rig.claims,
                    claimer,
                    catalog,
                    waiting,
                    () -> {},
                    new Ids(new Random(5)),
                    rig.clock,
                    new LaunchSettings(
                            Duration.ofMinutes(2),
                            MOST_CONTAINERS,
                            MOST_WAITING,
                            Duration.ofMillis(100)),
                    () -> drawn);

    @AfterEach
    void close() {
        callers.shutdownNow();
        claimer.close();
        rig.close();
    }

    private Callable<LaunchOutcome> launch(
            UserId user, ImageId image, Optional<Duration> patience) {
        return () -> launches.launch(user, image, Slot.DEFAULT, patience);
    }

    private Future<LaunchOutcome> launching(UserId user) {
        return callers.submit(launch(user, FleetRig.PYTHON, Optional.empty()));
    }

    private LaunchOutcome now(UserId user, ImageId image) throws Exception {
        return launch(user, image, Optional.of(Duration.ZERO)).call();
    }

    /** Turns the loop until the caller has its answer. */
    private <T> T turnUntil(Future<T> answer) throws Exception {
        while (!answer.isDone()) {
            rig.turn();
            waiting.poll();
            Thread.onSpinWait();
        }
        return answer.get();
    }

    @Test
    void aLaunchWaitsForItsContainer() throws Exception {
        var outcome = turnUntil(launching(ALICE));
        assertThat(outcome).isInstanceOf(Launched.class);
        assertThat(((Launched) outcome).allocation().owner()).isEqualTo(ALICE);
    }

    @Test
    void aLaunchIsAnsweredWithWhatTheLoopTellsItWithoutReadingIt() throws Exception {
        var answer = launching(ALICE);
        while (rig.claims.live(ALICE, FleetRig.PYTHON, Slot.DEFAULT).isEmpty()) {
            Thread.onSpinWait();
        }
        rig.turns(10);
        var written = rig.claims.live(ALICE, FleetRig.PYTHON, Slot.DEFAULT).orElseThrow();
        var toldOnly = new Address("10.0.0.99", 8000);
        waiting.progressed(Set.of(written.allocation().id()));
        waiting.settled(new Claim(written.allocation(), Optional.of(toldOnly)));
        assertThat(answer.get()).isEqualTo(new Launched(written.allocation(), toldOnly));
    }

    @Test
    void aSecondLaunchGetsTheContainerThereIs() throws Exception {
        var first = (Launched) turnUntil(launching(ALICE));
        var second = (Launched) now(ALICE, FleetRig.PYTHON);
        assertThat(second.allocation().id()).isEqualTo(first.allocation().id());
        assertThat(second.address()).isEqualTo(first.address());
    }

    @Test
    void launchesAtOnceOfOneUserAllGetTheSameContainer() throws Exception {
        var answers = new ArrayList<Future<LaunchOutcome>>();
        for (int i = 0; i < MOST_WAITING; i++) {
            answers.add(launching(ALICE));
        }
        var ids = new HashSet<>();
        for (var answer : answers) {
            ids.add(((Launched) turnUntil(answer)).allocation().id());
        }
        assertThat(ids).hasSize(1);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @Test
    void oneWhoDoesNotWaitIsToldThatItStarts() throws Exception {
        var outcome = now(ALICE, FleetRig.PYTHON);
        assertThat(outcome).isInstanceOf(StillStarting.class);
        assertThat(((StillStarting) outcome).allocation().state())
                .isEqualTo(AllocationState.WAITING);
        var later = (Launched) turnUntil(launching(ALICE));
        assertThat(later.allocation().id()).isEqualTo(((StillStarting) outcome).allocation().id());
    }

    @Test
    void aLaunchDuringTheEndWaitsForItAndStartsAnew() throws Exception {
        var first = (Launched) turnUntil(launching(ALICE));
        rig.end(first.allocation().id());
        var second = (Launched) turnUntil(launching(ALICE));
        assertThat(second.allocation().id()).isNotEqualTo(first.allocation().id());
        assertThat(rig.allocation(first.allocation().id()).state())
                .isEqualTo(AllocationState.ENDED);
    }

    @Test
    void aLaunchWhileTheContainerIsAboutToBeTakenAwayGivesAnotherOneAtOnce() throws Exception {
        var first = (Launched) turnUntil(launching(ALICE));
        noticed();
        var second = (Launched) turnUntil(launching(ALICE));
        assertThat(second.allocation().id()).isNotEqualTo(first.allocation().id());
        var over = rig.allocation(first.allocation().id());
        assertThat(over.state()).isEqualTo(AllocationState.ENDED);
        assertThat(over.endReason().flatMap(EndReason::fault)).contains(NOTICE.fault());
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void whereThereCanBeNoOtherTheContainerIsUsedToItsEnd() throws Exception {
        var first = (Launched) turnUntil(launching(ALICE));
        noticed();
        unavailable = FleetRig.PYTHON;
        var again = (Launched) now(ALICE, FleetRig.PYTHON);
        assertThat(again.allocation().id()).isEqualTo(first.allocation().id());
    }

    private void noticed() {
        rig.provider.giveNotice(rig.provider.running().getFirst(), NOTICE);
        rig.turns(3);
    }

    @Test
    void aLaunchThatFailsSaysWhy() throws Exception {
        rig.provider.declineNext(100, new Cause(Cause.Kind.CAPACITY, "no room at the moment"));
        var outcome = (Failed) turnUntil(launching(ALICE));
        assertThat(outcome.why().code()).isEqualTo(EndReason.Code.START_FAILED);
        assertThat(outcome.why().detail()).isEqualTo("no room at the moment");
        assertThat(outcome.why().fault())
                .hasValueSatisfying(fault -> assertThat(fault.kind()).isEqualTo("capacity"));
    }

    @Test
    void whoeverSaysNothingWaitsUpToAFifthLessThanConfiguredSoThatCrowdsComeBackSpread()
            throws Exception {
        drawn = -1; // as much less as can be drawn
        var hasty = launching(ALICE);
        var id = pendingOf(ALICE);
        drawn = 0;
        var patient = launching(new UserId("bob"));
        var other = pendingOf(new UserId("bob"));
        rig.clock.pass(Duration.ofSeconds(97));
        waiting.changed(Set.of(id, other));
        assertThat(hasty.get()).isInstanceOf(StillStarting.class);
        assertThat(turnUntil(patient)).isInstanceOf(Launched.class);
    }

    private AllocationId pendingOf(UserId user) {
        while (true) {
            var found = rig.claims.live(user, FleetRig.PYTHON, Slot.DEFAULT);
            if (found.isPresent()) {
                return found.get().allocation().id();
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void imagesThatDoNotExistOrCannotRunAreRefusedWithoutAClaim() throws Exception {
        assertThat(now(ALICE, new ImageId(999))).isInstanceOf(NoSuchImage.class);
        assertThat(now(ALICE, GO)).isInstanceOf(ImageUnavailable.class);
        assertThat(rig.claims.allLive()).isEmpty();
    }

    @Test
    void aUserMayHaveSoManyContainersAndNoMore() throws Exception {
        now(ALICE, new ImageId(1));
        now(ALICE, new ImageId(2));
        assertThat(now(ALICE, new ImageId(3))).isEqualTo(new TooManyContainers(MOST_CONTAINERS));
        assertThat(now(new UserId("bob"), new ImageId(3))).isInstanceOf(StillStarting.class);
    }

    @Test
    void tooManyRequestsOfOneUserDoNotAllWait() throws Exception {
        var answers = new ArrayList<Future<LaunchOutcome>>();
        for (int i = 0; i < MOST_WAITING * 2; i++) {
            answers.add(launching(ALICE));
        }
        List<LaunchOutcome> outcomes = new ArrayList<>();
        for (var answer : answers) {
            outcomes.add(turnUntil(answer));
        }
        assertThat(outcomes).hasOnlyElementsOfTypes(Launched.class, TooManyWaiting.class);
        assertThat(outcomes).hasAtLeastOneElementOfType(Launched.class);
    }

    @Test
    void whatAnotherBridgeDidIsFoundByOnePollForAll() throws Exception {
        var ticket = waiting.listen(rig.ask("alice"));
        waiting.poll();
        ticket.await(Duration.ZERO);
        rig.turns(6);
        waiting.poll();
        assertThat(ticket.await(Duration.ZERO)).isTrue();
        waiting.poll();
        assertThat(ticket.await(Duration.ZERO)).isFalse();
        ticket.close();
    }
}
