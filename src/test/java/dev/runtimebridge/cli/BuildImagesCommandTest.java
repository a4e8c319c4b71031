package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class BuildImagesCommandTest {
    @TempDir private Path state;

    @Test
    void everythingIsBuiltUnlessSomethingIsNamed() {
        assertThat(run("images", "build").builds).containsExactly(new BuildOptions(List.of(), ""));
        assertThat(run("images", "build", "python", "go", "--base", "mine:12").builds)
                .containsExactly(new BuildOptions(List.of("python", "go"), "mine:12"));
    }

    @Test
    void aPipeGetsALinePerImageAndNothingThatMoves() {
        var run = run("images", "build");
        assertThat(run.status).isZero();
        assertThat(run.out()).matches("runtime-bridge/base {2}\\d+\\.\\d s\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aTerminalSeesTheStepThatABuildIsAt() {
        var run = new RunCommand(state).onATerminal().run("images", "build");
        assertThat(run.out()).contains("\r\033[Kbase  step 1/2  FROM debian");
    }

    @Test
    void aFailureIsOneLineBelowWhatTheBuildSaidLast() {
        var run = new RunCommand(state);
        run.buildFault = "the engine's disk is full";
        run.run("images", "build");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("Step 1/2 : FROM debian\nbridge: the engine's disk is full\n");
    }

    private RunCommand run(String... arguments) {
        return new RunCommand(state).run(arguments);
    }
}
