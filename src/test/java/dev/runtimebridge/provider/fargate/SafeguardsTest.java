package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The checks by which this suite would notice that a safeguard is gone. */
class SafeguardsTest {
    private static final Duration A_LAUNCH = Duration.ofSeconds(6);

    /** What must hold, each on a new fleet. */
    private enum Check {
        A_BRIDGE_KILLED_BEFORE_IT_READ_RUN_TASKS_REPLY_STARTS_NOTHING_TWICE(
                fleet -> {
                    fleet.aws
                            .emulator
                            .script()
                            .add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 0));
                    fleet.ask(10);
                    fleet.turn();
                    fleet.aws.emulator.script().clear();
                    fleet.restart();
                    fleet.runFor(A_LAUNCH.multipliedBy(3));
                    assertThat(fleet.aws.emulator.ledger().started()).hasSize(10);
                    assertThat(fleet.ledger()).isEqualTo(fleet.rows());
                }),
        AWS_IS_NEVER_ASKED_FOR_WHAT_IT_WOULD_REFUSE(
                fleet -> {
                    fleet.ask(300);
                    fleet.runFor(Duration.ofSeconds(20));
                    assertThat(fleet.aws.throttled()).isZero();
                }),
        A_TASK_THAT_AWS_DOES_NOT_SHOW_YET_IS_WAITED_FOR(
                fleet -> {
                    fleet.aws.emulator.script().change(now -> now.with("missing: 60s"));
                    var id = fleet.ask("7");
                    fleet.runFor(Duration.ofSeconds(70));
                    assertThat(fleet.active(id)).isTrue();
                    assertThat(fleet.aws.emulator.ledger().started()).hasSize(1);
                });

        private final Consumer<FargateFleet> holds;

        Check(Consumer<FargateFleet> holds) {
            this.holds = holds;
        }

        void on(Safeguards safeguards) {
            try (var fleet = new FargateFleet(Scenario.usual(), safeguards)) {
                holds.accept(fleet);
            }
        }
    }

    /** One safeguard less, who must notice, and what it is to say. */
    private record Removal(String what, Safeguards rest, Check noticedBy, String says) {
        @Override
        public String toString() {
            return "without " + what;
        }
    }

    private static Stream<Removal> removals() {
        return Stream.of(
                new Removal(
                        "the stored token",
                        Safeguards.withoutToken(),
                        Check.A_BRIDGE_KILLED_BEFORE_IT_READ_RUN_TASKS_REPLY_STARTS_NOTHING_TWICE,
                        "but was: 20"),
                new Removal(
                        "the row before the call",
                        Safeguards.withoutTheRowFirst(),
                        Check.A_BRIDGE_KILLED_BEFORE_IT_READ_RUN_TASKS_REPLY_STARTS_NOTHING_TWICE,
                        "but was: 20"),
                new Removal(
                        "the buckets",
                        Safeguards.withoutBuckets(),
                        Check.AWS_IS_NEVER_ASKED_FOR_WHAT_IT_WOULD_REFUSE,
                        "expected: 0"),
                new Removal(
                        "the wait for a task that is not shown yet",
                        Safeguards.withoutTheWait(),
                        Check.A_TASK_THAT_AWS_DOES_NOT_SHOW_YET_IS_WAITED_FOR,
                        "to be true"));
    }

    @ParameterizedTest
    @EnumSource
    void everyCheckPassesWithAllOfThem(Check check) {
        check.on(Safeguards.INTACT);
    }

    @ParameterizedTest
    @MethodSource("removals")
    void withoutOneOfThemItsCheckFails(Removal removal) {
        assertThatThrownBy(() -> removal.noticedBy.on(removal.rest))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(removal.says);
    }
}
