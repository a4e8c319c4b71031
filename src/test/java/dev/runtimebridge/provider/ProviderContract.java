package dev.runtimebridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** What every provider keeps to. Subclasses say which, and clean up what a test leaves running. */
public abstract class ProviderContract {
    protected static final Image SHELL =
            new Image(
                    new ImageId(1),
                    "Shell",
                    "shell",
                    1,
                    new Image.Run("sh", "runtime-bridge/base", "shell:1"),
                    new Image.Size(250, 512, Architecture.X86_64),
                    true);
    protected static final Workspace ALICES =
            Workspace.of(new UserId("alice"), SHELL.id(), Slot.DEFAULT);
    protected static final Workspace BOBS =
            Workspace.of(new UserId("bob"), SHELL.id(), Slot.DEFAULT);

    protected abstract Provider provider();

    /** Blocks until the container is reachable; fails after the provider's usual time. */
    protected abstract Address reach(ContainerRef ref);

    /** Whether containers keep their files from launch to launch. */
    protected abstract boolean keepsFiles();

    /** Whether it remembers whose workspace a container has. */
    protected boolean knowsWorkspaces() {
        return true;
    }

    /** Writes a file into a running container's workspace, as its user would. */
    protected abstract void write(ContainerRef ref, String file, String text) throws Exception;

    /** Reads it; empty when there is none. */
    protected abstract String read(ContainerRef ref, String file) throws Exception;

    @Test
    void aBatchStartsAsManyAsItAsksFor() {
        assertThat(new HashSet<>(start("several", 3))).hasSize(3);
    }

    @Test
    void repeatingAStartStartsNothingNewAndNamesTheSameContainersInOrder() {
        var first = start("repeated", 2);
        assertThat(start("repeated", 2)).isEqualTo(first);
        assertThat(provider().owned()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void aKeyWhoseContainersWereStoppedStartsNothingNew() {
        var first = start("over", 1);
        provider().stop(first.getFirst(), "test");
        provider().start(new Batch("over", SHELL, 1));
        assertThat(provider().owned()).isEmpty();
        assertThat(provider().observe(first).get(first.getFirst()))
                .isInstanceOf(Observation.Gone.class);
    }

    @Test
    void startsOfTheSameKeyAtTheSameTimeStartOneBatch() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<ContainerRef>>> starts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                starts.add(() -> start("raced", 2));
            }
            var answers = new HashSet<List<ContainerRef>>();
            for (var answer : threads.invokeAll(starts)) {
                answers.add(answer.get());
            }
            assertThat(answers).hasSize(1);
        }
        assertThat(provider().owned()).hasSize(2);
    }

    @Test
    void observeHasAnEntryForEveryReferenceAndUnknownOnesAreGone() {
        var known = start("observed", 1).getFirst();
        var unknown = new ContainerRef("nobody-ever-started-this");
        var seen = provider().observe(List.of(known, unknown));
        assertThat(seen).containsOnlyKeys(known, unknown);
        assertThat(seen.get(unknown)).isInstanceOf(Observation.Gone.class);
        assertThat(seen.get(known)).isNotInstanceOf(Observation.Gone.class);
    }

    @Test
    void noTwoContainersShareAnAddress() {
        var refs = new ArrayList<>(start("one", 2));
        refs.addAll(start("two", 2));
        assertThat(refs.stream().map(this::reach).collect(Collectors.toSet())).hasSize(4);
    }

    @Test
    void aStoppedContainerIsGoneAndNoLongerOwned() {
        var refs = start("stopped", 2);
        provider().stop(refs.getFirst(), "test");
        assertThat(provider().observe(refs).get(refs.getFirst()))
                .isInstanceOf(Observation.Gone.class);
        assertThat(provider().owned()).containsExactly(refs.getLast());
    }

    @Test
    void stoppingTwiceOrWhatNeverWasIsSuccess() {
        var ref = start("twice", 1).getFirst();
        provider().stop(ref, "test");
        provider().stop(ref, "test");
        provider().stop(new ContainerRef("nobody-ever-started-this"), "test");
        assertThat(provider().owned()).isEmpty();
    }

    @Test
    void stopsAtTheSameTimeAllSucceed() throws Exception {
        var ref = start("raced-stop", 1).getFirst();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> stops = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                stops.add(
                        () -> {
                            provider().stop(ref, "test");
                            return true;
                        });
            }
            for (var stopped : threads.invokeAll(stops)) {
                assertThat(stopped.get()).isTrue();
            }
        }
        assertThat(provider().owned()).isEmpty();
    }

    @Test
    void attachingToWhatDoesNotRunIsRefused() {
        var absent = new ContainerRef("nobody-ever-started-this");
        Assumptions.assumeTrue(knowsWorkspaces(), "there is nothing to attach");
        assertThatThrownBy(() -> provider().attach(absent, ALICES))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining(absent.value());
    }

    @Test
    void attachingAgainIsTheSameAsOnce() throws Exception {
        var ref = start("attached-twice", 1).getFirst();
        reach(ref);
        provider().attach(ref, ALICES);
        if (keepsFiles()) {
            write(ref, "kept.txt", "mine");
        }
        provider().attach(ref, ALICES);
        if (keepsFiles()) {
            assertThat(read(ref, "kept.txt")).isEqualTo("mine");
        }
        assertThat(reach(ref)).isNotNull();
    }

    @Test
    void aWorkspaceIsGivenBackAtTheNextLaunchAndToItsOwnerOnly() throws Exception {
        var first = start("first", 1).getFirst();
        reach(first);
        provider().attach(first, ALICES);
        if (keepsFiles()) {
            write(first, "kept.txt", "mine");
        }
        provider().stop(first, "test");

        var refs = start("second", 2);
        refs.forEach(this::reach);
        provider().attach(refs.getFirst(), BOBS);
        provider().attach(refs.getLast(), ALICES);
        if (keepsFiles()) {
            assertThat(read(refs.getFirst(), "kept.txt")).isEmpty();
            assertThat(read(refs.getLast(), "kept.txt")).isEqualTo("mine");
        }
    }

    @Test
    void aWorkspaceThatAnotherContainerStillHoldsIsTakenFromIt() throws Exception {
        var refs = start("moved", 2);
        refs.forEach(this::reach);
        provider().attach(refs.getFirst(), ALICES);
        if (keepsFiles()) {
            write(refs.getFirst(), "kept.txt", "mine");
        }
        provider().attach(refs.getLast(), ALICES);
        if (knowsWorkspaces()) {
            assertThat(provider().observe(refs).get(refs.getFirst()))
                    .isInstanceOf(Observation.Gone.class);
        }
        if (keepsFiles()) {
            assertThat(read(refs.getLast(), "kept.txt")).isEqualTo("mine");
        }
    }

    /** Starts a batch of which nothing is declined. */
    protected final List<ContainerRef> start(String key, int count) {
        return provider().start(new Batch(key, SHELL, count)).stream()
                .map(
                        started ->
                                switch (started) {
                                    case Started.Accepted(var ref) -> ref;
                                    case Started.Declined(var cause) ->
                                            throw new AssertionError(cause.detail());
                                })
                .toList();
    }
}
