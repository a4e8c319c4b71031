package dev.runtimebridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class ReportTest {
    @TempDir private Path folder;

    /** A benchmark that always measures the same. */
    public static final class Steady {
        public static void main(String[] arguments) {
            System.out.println("not a measure");
            new Measure("steady", "delay", 10, 8.0, "ms", "<= 1.25x", "h2", "fake").print();
        }
    }

    /** A benchmark that misses its mark. */
    public static final class Slow {
        public static void main(String[] arguments) {
            new Measure("slow", "rate", 10, null, "req/s", ">= 11", null, null).print();
        }
    }

    /** A benchmark that breaks. */
    public static final class Broken {
        public static void main(String[] arguments) {
            new Measure("broken", "delay", 1, null, "ms", "<= 2", null, null).print();
            System.exit(9);
        }
    }

    private boolean run(Class<?>... benchmarks) throws Exception {
        var entries =
                Stream.of(benchmarks)
                        .map(
                                each ->
                                        new Report.Entry(
                                                each.getSimpleName(), each.getName(), false, false))
                        .toList();
        return new Report(folder, 1).run("some", entries);
    }

    @Test
    void aMarkThatIsMetIsKeptWithWhatItWasMeasuredOn() throws Exception {
        assertThat(run(Steady.class)).isTrue();
        var kept = new JsonMapper().readTree(folder.resolve("some.json").toFile());
        assertThat(kept.at("/measures/0/met").asBoolean()).isTrue();
        assertThat(kept.at("/measures/0/database").asText()).isEqualTo("h2");
        assertThat(kept.at("/measures/0/runs/0/ours").asDouble()).isEqualTo(10);
        assertThat(kept.at("/machine/cores").asInt()).isPositive();
        assertThat(kept.at("/commit").asText()).isNotEmpty();
    }

    @Test
    void oneMissedMarkFailsTheWholeReport() throws Exception {
        assertThat(run(Steady.class, Slow.class)).isFalse();
    }

    @Test
    void aBenchmarkThatBreaksFailsTheReportWhateverItMeasured() throws Exception {
        assertThat(run(Broken.class)).isFalse();
    }

    @Test
    void theMedianOfTheRunsIsJudgedEachAgainstWhatStoodBesideItThen() {
        var result =
                new Result(
                        List.of(run(10, 9), run(30, 31), run(100, 50), run(20, 21), run(20, 20)));
        assertThat(result.ours()).isEqualTo(20);
        assertThat(result.met()).isTrue();
    }

    private static Measure run(double ours, double beside) {
        return new Measure("b", "m", ours, beside, "ms", "<= 1x", null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "<= 25, 25, , true",
        "<= 25, 25.1, , false",
        ">= 0.8x, 8, 10, true",
        ">= 0.8x, 7.9, 10, false",
        "<= 1x + 1, 11, 10, true",
        "<= 1x + 1, 11.1, 10, false"
    })
    void marksSayWhatTheySay(String mark, double ours, Double beside, boolean met) {
        assertThat(new Measure("b", "m", ours, beside, "ms", mark, null, null).met())
                .isEqualTo(met);
    }

    @Test
    void aMarkThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measure("b", "m", 1, null, "ms", "about 3", null, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measure("b", "m", 1, null, "ms", "<= 1x", null, null));
    }

    @Test
    void whatTakesLongRunsInOneRoundAlone() throws Exception {
        var once = new Report.Entry("steady", Steady.class.getName(), false, true);
        var often = new Report.Entry("slow", Slow.class.getName(), false, false);
        new Report(folder, 2).run("some", List.of(once, often));
        var kept = new JsonMapper().readTree(folder.resolve("some.json").toFile());
        assertThat(kept.at("/measures/0/runs").size()).isEqualTo(1);
        assertThat(kept.at("/measures/1/runs").size()).isEqualTo(2);
    }

    @Test
    void soakRunsOnlyWhenItIsAskedFor() {
        var quick = new Report.Entry("quick", "Q", false, false);
        var soak = new Report.Entry("long", "L", true, false);
        var all = List.of(quick, soak);
        assertThat(Report.chosen("all", all)).containsExactly(quick);
        assertThat(Report.chosen("soak", all)).containsExactly(soak);
        assertThat(Report.chosen("long", all)).containsExactly(soak);
        assertThat(Report.chosen("none", all)).isEmpty();
    }
}
