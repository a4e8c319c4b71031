package dev.runtimebridge.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Event.Phase;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.testing.FleetRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class FleetControllerTest {
    private static final Cause NOTICE =
            new Cause(Kind.INTERRUPTED, "it will be taken away").hint("save your files");
    private static final Cause NO_ROOM = new Cause(Kind.CAPACITY, "no room at the moment");
    private static final int PASSES_OF_A_LAUNCH = 6;

    private final FleetRig rig = new FleetRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private AllocationState state(AllocationId id) {
        return rig.allocation(id).state();
    }

    private List<AllocationId> ask(int users) {
        var ids = new ArrayList<AllocationId>();
        for (int user = 0; user < users; user++) {
            ids.add(rig.ask("user " + user));
        }
        return ids;
    }

    private List<Phase> story(AllocationId id) {
        return rig.claims.events(id, 0).stream().map(Event::phase).toList();
    }

    private ContainerRef only() {
        assertThat(rig.provider.running()).hasSize(1);
        return rig.provider.running().getFirst();
    }

    @Test
    void aUserWhoWaitsGetsAContainerAndReadsHowItCame() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.claims.find(id).orElseThrow().address()).isPresent();
        assertThat(rig.claims.login(id).orElseThrow().user()).isEqualTo("together");
        assertThat(story(id))
                .containsExactly(
                        Phase.WAITING,
                        Phase.REQUESTED,
                        Phase.STARTING,
                        Phase.READY,
                        Phase.BINDING,
                        Phase.ACTIVE);
    }

    @Test
    void whoWaitsIsToldOfEachStepAndOnceThatTheContainerCanBeUsedAndWhere() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        var settled = rig.told().stream().flatMap(told -> told.settled().stream()).toList();
        assertThat(rig.told()).allMatch(told -> told.progressed().equals(Set.of(id)));
        assertThat(rig.told()).hasSizeGreaterThan(settled.size());
        assertThat(settled).hasSize(1);
        assertThat(settled.getFirst().allocation().state()).isEqualTo(AllocationState.ACTIVE);
        assertThat(settled.getFirst().address())
                .isEqualTo(rig.claims.find(id).orElseThrow().address())
                .isPresent();
    }

    @Test
    void anAgentsCallsAreMadeReadyForBeforeItIsUp() {
        rig.agents.silent(true);
        rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        assertThat(rig.agents.expected()).containsExactly(only());
    }

    @Test
    void oneLaunchIsWrittenDownInFourTransactionsBesideItsClaim() {
        rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH + 5);
        assertThat(rig.store.commits()).isEqualTo(4);
    }

    @Test
    void whereNoFilesAreKeptTheAgentsAnswerAndItsUserAreWrittenDownTogether() {
        rig.provider.keepsNoFiles();
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH + 5);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.claims.login(id).orElseThrow().user()).isEqualTo("together");
        assertThat(story(id)).endsWith(Phase.READY, Phase.BINDING, Phase.ACTIVE);
        assertThat(rig.store.commits()).isEqualTo(3);
        assertThat(rig.agents.initialised()).isEqualTo(1);
    }

    @Test
    void whereNoFilesAreKeptAnAgentThatIsNotInitialisedAtFirstIsAskedAgain() {
        rig.provider.keepsNoFiles();
        rig.agents.failNextInit(new AgentException("too busy", true));
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH + 5);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @Test
    void whereNoFilesAreKeptAnAgentThatIsAnothersIsReplaced() {
        rig.provider.keepsNoFiles();
        rig.agents.failNextInit(new AgentException("initialised by somebody else", false));
        var id = rig.ask("7");
        rig.turns(2 * PASSES_OF_A_LAUNCH + 5);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(2);
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void whereNoFilesAreKeptAnAgentThatCallsHomeIsInitialisedWithoutAPing() {
        var id = launchWithASilentAgent();
        int before = rig.agents.pings();
        rig.agents.silent(false);
        rig.controller().calledHome(only(), address(only()));
        rig.turns(2);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.agents.pings()).isEqualTo(before);
    }

    @Test
    void anAgentThatCallsHomeAndCannotBeReachedIsAskedUntilItAnswers() {
        var id = launchWithASilentAgent();
        int before = rig.agents.pings();
        rig.controller().calledHome(only(), address(only()));
        rig.turns(2);
        assertThat(state(id)).isEqualTo(AllocationState.WAITING);
        assertThat(rig.agents.pings()).isGreaterThan(before);
        rig.agents.silent(false);
        rig.turns(3);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    /** Where no files are kept; its container has an address. */
    private AllocationId launchWithASilentAgent() {
        rig.provider.keepsNoFiles();
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(3);
        rig.turnWithoutTime();
        return id;
    }

    private String address(ContainerRef ref) {
        var seen = (Observation.Reachable) rig.provider.observe(Set.of(ref)).get(ref);
        return seen.address().ip();
    }

    @Test
    void theProviderIsAskedInTheSamePassThatWroteTheRequestDown() {
        rig.ask("7");
        rig.turnWithoutTime();
        assertThat(rig.provider.calls("start")).isEqualTo(1);
    }

    @Test
    void aHundredLaunchesTogetherCostNoMoreTransactionsThanOne() {
        ask(100);
        rig.turns(PASSES_OF_A_LAUNCH + 5);
        assertThat(rig.store.commits()).isEqualTo(4);
        assertThat(rig.provider.running()).hasSize(100);
    }

    @Test
    void tenUsersAreServedByOneCall() {
        var ids = ask(10);
        rig.turns(PASSES_OF_A_LAUNCH);
        assertThat(ids).allMatch(id -> state(id) == AllocationState.ACTIVE);
        assertThat(rig.provider.calls("start")).isEqualTo(1);
    }

    @Test
    void aLostStartReplyDoesNotStartASecondContainer() {
        var id = rig.ask("7");
        rig.provider.loseNextStartReply();
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(rig.provider.started()).hasSize(1);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aBridgeKilledBeforeTheCallsOfAnyPassCarriesOnAfterItsRestart(int turnsBefore) {
        var id = rig.ask("7");
        rig.turns(turnsBefore);
        rig.pass();
        rig.restart();
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aBridgeKilledBeforeItWroteTheAnswersOfAnyPassCarriesOnAfterItsRestart(int turnsBefore) {
        var id = rig.ask("7");
        rig.turns(turnsBefore);
        rig.restart();
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @Test
    void aContainerThatDiesWhileItStartsCostsNobodyTheirLaunch() {
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(3);
        rig.provider.end(only(), new Cause(Kind.EXITED, "it ended with status 1"));
        rig.agents.silent(false);
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(story(id)).contains(Phase.RETRYING);
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void whatIsDeclinedOfABatchIsAskedForAgain() {
        var ids = ask(10);
        rig.provider.declineNext(3, NO_ROOM);
        rig.turns(PASSES_OF_A_LAUNCH + 6);
        assertThat(ids).allMatch(id -> state(id) == AllocationState.ACTIVE);
        assertThat(rig.provider.running()).hasSize(10);
        assertThat(rig.provider.calls("start")).isEqualTo(2);
    }

    @Test
    void afterThreeFailuresWhoWaitedIsToldWhy() {
        var id = rig.ask("7");
        rig.provider.declineNext(100, NO_ROOM);
        rig.turns(20);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
        var why = rig.allocation(id).endReason().orElseThrow();
        assertThat(why.code()).isEqualTo(EndReason.Code.START_FAILED);
        assertThat(why.detail()).isEqualTo(NO_ROOM.detail());
        assertThat(rig.provider.calls("start")).isEqualTo(3);
    }

    @Test
    void aFaultThatWillRepeatItselfIsNotTriedTwice() {
        var id = rig.ask("7");
        rig.provider.failNext(
                "start",
                ProviderException.lasting(
                        new Cause(Kind.IMAGE, "there is no such image"),
                        new IllegalStateException()));
        rig.turns(4);
        assertThat(rig.allocation(id).endReason().orElseThrow().detail())
                .isEqualTo("there is no such image");
        assertThat(rig.provider.calls("start")).isEqualTo(1);
    }

    @Test
    void aSilentContainerIsReplacedAtItsDeadline() {
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(4);
        var first = only();
        rig.clock.pass(FleetRig.SETTINGS.startDeadline());
        rig.turns(2);
        rig.agents.silent(false);
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(only()).isNotEqualTo(first);
    }

    @Test
    void aLaunchThatTakesTooLongEndsAndItsContainerIsNotKept() {
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(4);
        rig.clock.pass(FleetRig.SETTINGS.launchDeadline());
        rig.turns(4);
        assertThat(rig.allocation(id).endReason().orElseThrow().code())
                .isEqualTo(EndReason.Code.LAUNCH_TIMED_OUT);
        assertThat(rig.provider.running()).isEmpty();
    }

    @Test
    void aLostInitReplyIsRepeatedWithTheSameKey() {
        var id = rig.ask("7");
        rig.agents.loseNextInitReply();
        rig.turns(PASSES_OF_A_LAUNCH + 3);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @Test
    void anAgentThatSomebodyElseInitialisedIsReplaced() {
        var id = rig.ask("7");
        rig.agents.failNextInit(new AgentException("initialised by somebody else", false));
        rig.turns(PASSES_OF_A_LAUNCH + 6);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(2);
        assertThat(rig.provider.running()).hasSize(1);
        assertThat(story(id)).contains(Phase.RETRYING);
    }

    @Test
    void anAgentIsInitialisedWhileItsFirstAnswerIsStillBeingWrittenDown() {
        rig.ask("7");
        rig.turns(3);
        assertThat(rig.agents.initialised()).isEqualTo(1);
        assertThat(rig.store.commits()).isEqualTo(2); // asked for, started
    }

    @Test
    void afterThreeContainersThatCannotBeInitialisedTheLaunchEnds() {
        var id = rig.ask("7");
        for (int i = 0; i < 10; i++) {
            rig.agents.failNextInit(new AgentException("no", false));
        }
        rig.turns(30);
        assertThat(rig.allocation(id).endReason().orElseThrow().code())
                .isEqualTo(EndReason.Code.START_FAILED);
        assertThat(rig.provider.started()).hasSize(3);
        assertThat(rig.provider.running()).isEmpty();
    }

    @Test
    void whenItsOwnerEndsItTheContainerIsStopped() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        rig.end(id);
        rig.turns(3);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
        assertThat(rig.provider.running()).isEmpty();
        assertThat(story(id)).endsWith(Phase.ENDING, Phase.ENDED);
    }

    @Test
    void aLaunchEndedBeforeItHadAContainerLeavesNothingBehind() {
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(3);
        rig.end(id);
        rig.agents.silent(false);
        rig.turns(3);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
        rig.clock.pass(FleetRig.SETTINGS.surplusAfter());
        rig.turns(3);
        assertThat(rig.provider.running()).isEmpty();
    }

    @Test
    void aContainerThatBecameNobodysServesTheNextUser() {
        rig.agents.silent(true);
        var first = rig.ask("7");
        rig.turns(3);
        rig.end(first);
        rig.agents.silent(false);
        rig.turns(2);
        var second = rig.ask("8");
        rig.turns(4);
        assertThat(state(second)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(1);
    }

    @Test
    void aLostStopReplyIsRepeated() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        rig.provider.loseNextStopReply();
        rig.end(id);
        rig.turns(6);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
    }

    @Test
    void aContainerThatDiesInUseEndsTheAllocationWithTheReason() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        rig.provider.end(only(), new Cause(Kind.OUT_OF_MEMORY, "it used more than 512 MiB"));
        rig.turns(4);
        var why = rig.allocation(id).endReason().orElseThrow();
        assertThat(why)
                .isEqualTo(
                        new EndReason(
                                EndReason.Code.CONTAINER_LOST,
                                "it used more than 512 MiB",
                                Optional.of(new Fault("out_of_memory", Fault.Owner.USER, ""))));
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
    }

    @Test
    void aSweepFindsWhatDiedWithoutAHint() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        var ref = only();
        rig.provider.onChange(ignored -> {});
        rig.restartWithoutHints();
        rig.provider.end(ref, new Cause(Kind.LOST, "gone"));
        rig.turns(2);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        rig.controller().sweep(List.of(rig.store.running()));
        rig.turns(4);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
    }

    @Test
    void containersOfAnOldRevisionAreNoSupply() {
        rig.agents.silent(true);
        var first = rig.ask("7");
        rig.turns(3);
        rig.end(first);
        rig.agents.silent(false);
        var old = rig.images.get(FleetRig.PYTHON);
        rig.images.put(
                FleetRig.PYTHON,
                new Image(
                        old.id(),
                        old.name(),
                        old.language(),
                        old.revision() + 1,
                        old.run(),
                        old.size(),
                        true));
        var second = rig.ask("8");
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(second)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(2);
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void whoWorksInAContainerThatWillBeTakenAwayIsToldOnceAndWorksOn() {
        var id = rig.ask("7");
        rig.turns(PASSES_OF_A_LAUNCH);
        rig.provider.giveNotice(only(), NOTICE);
        rig.turns(3);
        rig.restart();
        rig.controller().sweep(List.of(rig.store.running()));
        rig.turns(3);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.allocation(id).endReason().flatMap(EndReason::fault))
                .contains(NOTICE.fault());
        assertThat(story(id)).endsWith(Phase.ACTIVE, Phase.INTERRUPTED).doesNotHaveDuplicates();
        assertThat(rig.provider.stopped()).isEmpty();

        rig.provider.end(only(), new Cause(Kind.INTERRUPTED, "taken"));
        rig.turns(4);
        assertThat(state(id)).isEqualTo(AllocationState.ENDED);
        assertThat(rig.allocation(id).endReason().orElseThrow().detail()).isEqualTo("taken");
    }

    @Test
    void whatWillBeTakenAwayIsNoSupplyForThoseWhoWait() {
        var id = rig.ask("7");
        rig.turns(2);
        rig.provider.giveNotice(only(), NOTICE);
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(story(id)).contains(Phase.RETRYING).doesNotContain(Phase.INTERRUPTED);
        assertThat(rig.provider.started()).hasSize(2);
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void aSpareContainerThatWillBeTakenAwayIsGivenToNobody() {
        rig.agents.silent(true);
        var gone = rig.ask("7");
        rig.turns(3);
        rig.end(gone);
        rig.agents.silent(false);
        rig.turns(3);
        rig.provider.giveNotice(only(), NOTICE);
        rig.turns(3);
        assertThat(rig.provider.running()).isEmpty();
        var id = rig.ask("8");
        rig.turns(PASSES_OF_A_LAUNCH);
        assertThat(state(id)).isEqualTo(AllocationState.ACTIVE);
        assertThat(rig.provider.started()).hasSize(2);
    }

    @Test
    void aStaleHolderWritesNothing() {
        var stale = rig.lease();
        rig.restart();
        rig.ask("7");
        assertThatExceptionOfType(StaleLeaseException.class)
                .isThrownBy(() -> rig.controller().pass(stale));
        assertThat(rig.provider.calls("start")).isZero();
    }

    @Test
    void aCallHomeFromItsOwnAddressIsHeardAndFromAnyOtherIsNot() {
        rig.agents.silent(true);
        rig.ask("7");
        rig.turns(3);
        rig.turnWithoutTime();
        rig.agents.silent(false);
        int before = rig.agents.pings();
        rig.controller().calledHome(only(), "192.0.2.1");
        rig.turnWithoutTime();
        assertThat(rig.agents.pings()).isEqualTo(before);
        rig.controller().calledHome(only(), address(only()));
        rig.turnWithoutTime();
        assertThat(rig.agents.pings()).isEqualTo(before + 1);
    }

    @Test
    void failuresOfSomeCostNothingToThoseWhoseContainersStart() {
        rig.agents.silent(true);
        var ids = ask(10);
        rig.provider.declineNext(9, NO_ROOM);
        rig.turns(12);
        rig.agents.silent(false);
        rig.turns(PASSES_OF_A_LAUNCH + 4);
        assertThat(ids.stream().filter(id -> state(id) == AllocationState.ACTIVE)).isNotEmpty();
        assertThat(ids)
                .allMatch(
                        id ->
                                state(id) == AllocationState.ACTIVE
                                        || state(id) == AllocationState.ENDED);
        assertThat(rig.provider.running())
                .hasSize(
                        (int)
                                ids.stream()
                                        .filter(id -> state(id) == AllocationState.ACTIVE)
                                        .count());
    }

    @Test
    void whenTheProviderCannotBeToldToStartAnythingTheUserLearnsWhy() {
        rig.provider.fail(
                ProviderException.repeatable(
                        new Cause(Kind.INFRASTRUCTURE, "the disk is full"),
                        new IllegalStateException()));
        var id = rig.ask("7");
        rig.turns(30);
        assertThat(rig.allocation(id).endReason().orElseThrow().detail())
                .isEqualTo("the disk is full");
        assertThat(story(id)).contains(Phase.RETRYING);
    }

    @Test
    void anAnswerThatCannotBeWrittenDownHoldsUpNobodyElse() {
        rig.ask("7");
        rig.turns(4);
        rig.agents.answerNextInitWithUser("x".repeat(1_000));
        var other = rig.ask("8");
        for (int i = 0; i < 30; i++) {
            try {
                rig.turn();
            } catch (IllegalStateException e) {
                rig.clock.pass(FleetRig.SETTINGS.pollEvery());
            }
        }
        assertThat(state(other)).isEqualTo(AllocationState.ACTIVE);
    }

    @Test
    void pollingAloneFindsAnAgentWithinASecond() {
        rig.agents.silent(true);
        var id = rig.ask("7");
        rig.turns(3);
        rig.agents.silent(false);
        var from = rig.clock.instant();
        while (state(id) != AllocationState.ACTIVE) {
            rig.turn();
        }
        assertThat(Duration.between(from, rig.clock.instant()))
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void fromACallHomeToTheAgentsAnswerTheDatabaseIsNotRead() {
        rig.provider.startsTake(Duration.ofSeconds(3)).addressKnownAfter(Duration.ofSeconds(60));
        rig.restartWithoutHints();
        rig.ask("7");
        rig.turns(2);
        rig.clock.pass(Duration.ofSeconds(3));
        int views = rig.store.views();
        rig.controller().calledHome(only(), "127.0.0.1");
        assertThat(rig.glance()).as("the look that the call asks for").isFalse();
        assertThat(rig.glance()).as("the ping at the address that it found").isFalse();
        assertThat(rig.glance()).as("the agent's answer, to be written down").isTrue();
        assertThat(rig.agents.pings()).isEqualTo(1);
        assertThat(rig.store.views()).isEqualTo(views);
    }

    @Test
    void noOneLooksBeforeALookCanTellAndThenTheLessOftenTheLongerItTakes() {
        rig.provider.startsTake(Duration.ofMinutes(10)).addressKnownAfter(Duration.ofSeconds(2));
        rig.restartWithoutHints();
        rig.ask("7");
        rig.turns(2);
        var looks = new ArrayList<Long>();
        for (long ms = 250; ms <= 20_000; ms += 250) {
            int before = rig.provider.calls("observe");
            rig.turn();
            if (rig.provider.calls("observe") > before) {
                looks.add(ms);
            }
        }
        assertThat(looks.getFirst()).isBetween(1_500L, 2_250L);
        assertThat(looks.size()).isLessThan(20);
        assertThat(looks.getLast() - looks.get(looks.size() - 2)).isGreaterThan(2_500);
    }

    @Test
    void oneCallHomeMakesTheLoopLookAtAllThatStart() {
        rig.provider.startsTake(Duration.ofSeconds(3)).addressKnownAfter(Duration.ofSeconds(60));
        rig.restartWithoutHints();
        ask(10);
        rig.turns(2);
        rig.clock.pass(Duration.ofSeconds(3));
        int before = rig.provider.calls("observe");
        rig.controller().calledHome(rig.provider.running().getFirst(), "127.0.0.1");
        rig.glance();
        rig.glance();
        assertThat(rig.provider.calls("observe")).isEqualTo(before + 1);
        assertThat(rig.agents.pings()).isEqualTo(10);
    }
}
