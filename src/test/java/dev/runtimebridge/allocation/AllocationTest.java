package dev.runtimebridge.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runtimebridge.allocation.EndReason.Code;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class AllocationTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final EndReason BY_OWNER =
            new EndReason(Code.STOPPED_BY_OWNER, "its owner asked for it");
    private final Ids ids = new Ids(new Random(1));

    private Allocation waiting() {
        return Allocation.waiting(
                ids.allocation(), new UserId("7"), new ImageId(1), Slot.DEFAULT, NOON);
    }

    @Test
    void anAllocationGoesFromWaitingToActive() {
        var container = ids.container();
        var active = waiting().bindTo(container).activate(NOON.plusSeconds(1));
        assertThat(active.state()).isEqualTo(AllocationState.ACTIVE);
        assertThat(active.container()).contains(container);
        assertThat(active.activeAt()).contains(NOON.plusSeconds(1));
    }

    @Test
    void aFailedBindingLeadsBackToTheQueueWithoutItsContainer() {
        var again = waiting().bindTo(ids.container()).waitAgain();
        assertThat(again.state()).isEqualTo(AllocationState.WAITING);
        assertThat(again.container()).isEmpty();
        assertThat(again.failedBindings()).isEqualTo(1);
    }

    @Test
    void theReasonGivenWhenTheEndBeganIsKept() {
        var ending = waiting().bindTo(ids.container()).activate(NOON).startEnding(BY_OWNER);
        var ended = ending.end(new EndReason(Code.CONTAINER_LOST, "gone"), NOON);
        assertThat(ended.endReason()).contains(BY_OWNER);
    }

    @Test
    void nothingLeavesTheEnd() {
        var ended = waiting().end(BY_OWNER, NOON);
        assertThatIllegalStateException().isThrownBy(() -> ended.bindTo(ids.container()));
        assertThatIllegalStateException().isThrownBy(() -> ended.startEnding(BY_OWNER));
    }

    @Test
    void anActiveAllocationWithoutAContainerCannotBeWrittenDown() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Allocation(
                                        ids.allocation(),
                                        new UserId("7"),
                                        new ImageId(1),
                                        Slot.DEFAULT,
                                        AllocationState.ACTIVE,
                                        Optional.empty(),
                                        0,
                                        NOON,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        0));
    }

    @Property
    void aRandomWalkOfAllowedStepsNeverComesBackFromTheEnd(@ForAll List<AllocationState> wishes) {
        var state = AllocationState.WAITING;
        boolean over = false;
        for (var wish : wishes) {
            if (state.mayBecome(wish)) {
                assertThat(over).isFalse();
                state = wish;
                over = !state.live();
            }
        }
    }

    @Property
    void everyDrawnIdHasTheFormOfAnId(@ForAll long seed) {
        var id = new Ids(new Random(seed)).allocation();
        assertThat(new AllocationId(id.value())).isEqualTo(id);
    }

    @Test
    void base32IsTheOneOfTheRfcInLowerCaseWithoutPadding() {
        assertThat(Ids.base32("foobar".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("mzxw6ytboi");
    }

    @Test
    void idsSlotsAndUsersOfTheWrongFormAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AllocationId("NOT-AN-ID"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageId(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Slot("../x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("a\nb"));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("ü".repeat(128)));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("a\ud800"));
    }
}
