package dev.runtimebridge.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.testing.FleetRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Providers that have several places, or may be asked only so fast. */
class PlacesAndPaceTest {
    private static final ImageId NODE = new ImageId(2);

    private final FleetRig rig = new FleetRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<AllocationId> ask(int users, ImageId image) {
        var ids = new ArrayList<AllocationId>();
        for (int user = 0; user < users; user++) {
            ids.add(rig.ask("user " + user, image));
        }
        return ids;
    }

    private boolean active(AllocationId id) {
        return rig.allocation(id).state() == AllocationState.ACTIVE;
    }

    @Test
    void aReplayAfterARestartAsksForTheSamePlaceWhereverTheNextBatchStarts() {
        rig.provider.startAt("zone a");
        var id = rig.ask("7");
        rig.provider.loseNextStartReply();
        rig.turnWithoutTime();
        rig.restart();
        rig.provider.startAt("zone b");
        rig.turns(6);
        assertThat(active(id)).isTrue();
        assertThat(rig.provider.places()).containsExactly("zone a", "zone a");
    }

    @Test
    void aFullPlaceCostsNoPauseAndIsNotCountedAsAFailureOfTheImage() {
        var id = rig.ask("7");
        rig.provider
                .startAt("zone a")
                .declineNext(4, new Cause(Kind.NO_ROOM_HERE, "zone a is full"));
        for (int turn = 0; turn < 5; turn++) {
            rig.turnWithoutTime();
        }
        assertThat(rig.provider.places()).hasSize(5);
        assertThat(rig.provider.started()).hasSize(1);
        rig.turns(6);
        assertThat(active(id)).isTrue();
        assertThat(rig.claims.events(id, 0).stream().map(Event::detail)).contains("zone a is full");
    }

    @Test
    void noMoreIsAskedForThanTheProviderAdmits() {
        rig.provider.admit((wanted, unanswered) -> 20 - unanswered);
        var ids = ask(50, FleetRig.PYTHON);
        rig.turnWithoutTime();
        assertThat(rig.provider.started()).hasSize(20);
        rig.provider.admit((wanted, unanswered) -> 0);
        rig.turns(5);
        assertThat(rig.provider.started()).hasSize(20);
        rig.provider.admit((wanted, unanswered) -> wanted);
        rig.turns(6);
        assertThat(ids).allMatch(this::active);
        assertThat(rig.provider.started()).hasSize(50);
    }

    @Test
    void whatHasNoAnswerYetCountsAgainstWhatIsAdmitted() {
        rig.provider.admit((wanted, unanswered) -> Batch.MOST - unanswered);
        ask(30, FleetRig.PYTHON);
        rig.pass();
        rig.pass();
        assertThat(rig.store.view(Set.of()).containers()).hasSize(Batch.MOST);
    }

    @Test
    void whoWaitedLongestIsServedFirstWhateverTheImage() {
        rig.provider.admit((wanted, unanswered) -> 0);
        var first = rig.ask("early", NODE);
        rig.clock.pass(Duration.ofSeconds(1));
        ask(20, FleetRig.PYTHON);
        rig.provider.admit((wanted, unanswered) -> 1 - rig.provider.started().size() - unanswered);
        rig.turns(6);
        assertThat(active(first)).isTrue();
    }
}
