package dev.runtimebridge.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.testing.FleetRig;
import dev.runtimebridge.upkeep.OrphanSweep;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

class FleetPropertiesTest {
    private static final int TURNS_TO_SETTLE = 60;

    /** What can happen between two looks of the loop. */
    enum Happening {
        SOMEBODY_ASKS,
        SOMEBODY_ELSE_ASKS,
        AN_OWNER_ENDS_IT,
        A_TURN,
        A_PASS_WHOSE_CALLS_ARE_LOST,
        THE_BRIDGE_RESTARTS,
        THE_NEXT_START_REPLY_IS_LOST,
        THE_NEXT_STOP_REPLY_IS_LOST,
        THE_NEXT_CONTAINER_IS_DECLINED,
        THE_NEXT_INIT_REPLY_IS_LOST,
        THE_NEXT_INIT_IS_REFUSED,
        A_CONTAINER_DIES,
        AGENTS_FALL_SILENT,
        AGENTS_ANSWER_AGAIN
    }

    @Property(tries = 25, shrinking = ShrinkingMode.BOUNDED)
    void whateverHappensTheProviderEndsUpRunningWhatTheDatabaseSays(
            @ForAll @Size(min = 5, max = 40) List<Happening> happenings,
            @ForAll boolean keepsFiles) {
        try (var rig = new FleetRig()) {
            if (!keepsFiles) {
                rig.provider.keepsNoFiles();
            }
            var asked = new LinkedHashSet<AllocationId>();
            for (var happening : happenings) {
                make(happening, rig, asked);
            }
            rig.agents.silent(false);
            rig.turns(TURNS_TO_SETTLE);
            rig.clock.pass(FleetRig.SETTINGS.startDeadline());
            rig.turns(5);
            rig.clock.pass(FleetRig.SETTINGS.surplusAfter());
            rig.turns(
                    TURNS_TO_SETTLE); // a stop whose reply is lost is repeated more and more rarely
            var orphans = new OrphanSweep(rig.store, rig.provider, rig.clock);
            orphans.run(rig.lease());
            orphans.run(rig.lease());
            var containers = new HashSet<>();
            for (var id : asked) {
                var allocation = rig.allocation(id);
                assertThat(allocation.state()).isIn(AllocationState.ACTIVE, AllocationState.ENDED);
                if (allocation.state() == AllocationState.ACTIVE) {
                    assertThat(containers.add(allocation.container())).isTrue();
                }
            }
            assertThat(rig.provider.running()).hasSize(containers.size());
            assertThat(rig.store.live("fake")).hasSize(containers.size());
        }
    }

    private static void make(Happening happening, FleetRig rig, Set<AllocationId> asked) {
        switch (happening) {
            case SOMEBODY_ASKS -> asked.add(rig.ask("somebody"));
            case SOMEBODY_ELSE_ASKS -> asked.add(rig.ask("user " + asked.size()));
            case AN_OWNER_ENDS_IT -> asked.stream().findFirst().ifPresent(rig::end);
            case A_TURN -> rig.turn();
            case A_PASS_WHOSE_CALLS_ARE_LOST -> {
                rig.pass();
                rig.restart();
            }
            case THE_BRIDGE_RESTARTS -> rig.restart();
            case THE_NEXT_START_REPLY_IS_LOST -> rig.provider.loseNextStartReply();
            case THE_NEXT_STOP_REPLY_IS_LOST -> rig.provider.loseNextStopReply();
            case THE_NEXT_CONTAINER_IS_DECLINED ->
                    rig.provider.declineNext(1, new Cause(Cause.Kind.CAPACITY, "no room"));
            case THE_NEXT_INIT_REPLY_IS_LOST -> rig.agents.loseNextInitReply();
            case THE_NEXT_INIT_IS_REFUSED ->
                    rig.agents.failNextInit(new AgentException("no", false));
            case A_CONTAINER_DIES ->
                    rig.provider.running().stream()
                            .findFirst()
                            .ifPresent(
                                    ref ->
                                            rig.provider.end(
                                                    ref, new Cause(Cause.Kind.EXITED, "it ended")));
            case AGENTS_FALL_SILENT -> rig.agents.silent(true);
            case AGENTS_ANSWER_AGAIN -> rig.agents.silent(false);
        }
    }
}
