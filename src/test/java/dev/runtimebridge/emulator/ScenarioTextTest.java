package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Delay;
import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.ScenarioText;
import dev.runtimebridge.emulator.script.Subnet;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** Scenarios as people write them. */
class ScenarioTextTest {
    @Test
    void aTextNamesOnlyWhatDiffers() {
        var scenario =
                Scenario.usual()
                        .with(
                                """
                                missing: 5s..60s
                                phases: {pull: 30s..70s}
                                denied: ['ecs:StopTask']
                                subnets:
                                  - {id: subnet-full, capacity: 0}
                                definitions:
                                  - {family: python, cpu: 512}
                                faults:
                                  - {action: RunTask, kind: lose-reply, times: 2}
                                fates:
                                  - {kind: stop, at: PENDING, stopCode: TaskFailedToStart, reason: 'CannotPullContainerError: no', share: 0.1, times: 0}
                                """);

        assertThat(scenario.missing()).isEqualTo(Delay.parse("5s..60s"));
        assertThat(scenario.phases().pending()).isEqualTo(Scenario.usual().phases().pending());
        assertThat(scenario.subnets())
                .extracting(Subnet::id, Subnet::capacity, Subnet::spotCapacity)
                .containsExactly(tuple("subnet-full", 0, -1));
        assertThat(scenario.definitions().getFirst().name()).isEqualTo("python:1");
        assertThat(scenario.definitions().getFirst().memory()).isEqualTo(512);
        assertThat(scenario.faults().getFirst())
                .isEqualTo(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 2));
        assertThat(scenario.fates().getFirst().kind()).isEqualTo(Fate.Kind.STOP);
        assertThat(scenario.region()).isEqualTo("eu-central-1");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var scenario = Scenario.usual().and(Fate.of(Fate.Kind.SILENT_AGENT, 3));

        assertThat(Scenario.usual().with(ScenarioText.json(scenario))).isEqualTo(scenario);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour: red",
                "subnets: [{capacity: 7}]",
                "subnets: [{id: a, capacity: many}]",
                "faults: [{action: RunTask}]",
                "faults: [{action: RunTask, kind: sulk}]",
                "fates: [{at: PENDING}]",
                "quotas: {runTask: {burst: 0}}",
                "scale: 0",
                "missing: soon",
                "- a list",
                "a: b: c"
            })
    void whatIsWrongIsSaidInOneLine(String text) {
        assertThatThrownBy(() -> Scenario.usual().with(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank()
                .hasLineCount(1)
                .doesNotContain("dev.runtimebridge", "java.lang", "Exception");
    }

    @Property
    void delaysAreReadAsTheyAreWritten(
            @ForAll @IntRange(max = 100_000) int least, @ForAll @IntRange(max = 100_000) int more) {
        var delay = Delay.between(Duration.ofMillis(least), Duration.ofMillis(least + more));

        assertThat(Delay.parse(delay.toString())).isEqualTo(delay);
    }
}
