package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.ProviderException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Ends a container's processes until none is left. */
final class Ending {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Marks marks;
    private final Duration grace;

    Ending(Marks marks, Duration grace) {
        this.marks = marks;
        this.grace = grace;
    }

    /**
     * Asks the supervisor to end its agent, and waits for nothing.
     *
     * @param known as recorded when the container was started
     */
    void ask(ContainerRef ref, Optional<ProcessIdentity> known) {
        var found = all(ref, known);
        if (!found.isEmpty()) {
            supervisor(found, known).terminate();
        }
    }

    /**
     * The supervisor is asked first and has {@code grace} to end its agent; then everything is
     * killed.
     *
     * @param known as recorded when the container was started
     */
    void end(ContainerRef ref, Optional<ProcessIdentity> known) {
        var found = all(ref, known);
        if (found.isEmpty()) {
            return;
        }
        var first = supervisor(found, known);
        // Outside of a sandbox, its init's death shows first in the process we started.
        var ends = known.filter(ProcessIdentity::alive).orElse(first).ended();
        first.terminate();
        await(ends, grace);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (found = all(ref, known); !found.isEmpty(); found = all(ref, known)) {
            if (System.nanoTime() > deadline) {
                throw ProviderException.repeatable(
                        new Cause(
                                Cause.Kind.INFRASTRUCTURE,
                                found.size() + " processes of " + ref + " do not die"),
                        null);
            }
            // Taken before they are killed: afterwards nobody is there to wait for.
            var gone =
                    CompletableFuture.allOf(
                            found.stream()
                                    .map(ProcessIdentity::ended)
                                    .toArray(CompletableFuture<?>[]::new));
            found.forEach(ProcessIdentity::kill);
            await(gone, BETWEEN_LOOKS);
        }
    }

    private static ProcessIdentity supervisor(
            List<ProcessIdentity> found, Optional<ProcessIdentity> known) {
        return Marks.sandboxInit(found).or(() -> known).orElseGet(found::getFirst);
    }

    private List<ProcessIdentity> all(ContainerRef ref, Optional<ProcessIdentity> known) {
        List<ProcessIdentity> found = new ArrayList<>(marks.find().getOrDefault(ref, List.of()));
        known.filter(ProcessIdentity::alive).ifPresent(found::add);
        // Children that cleared their environment, as long as their parents are there.
        for (var process : List.copyOf(found)) {
            ProcessHandle.of(process.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .flatMap(child -> ProcessIdentity.of(child.pid()).stream())
                    .filter(_ -> process.alive())
                    .forEach(found::add);
        }
        return found.stream().distinct().toList();
    }

    private static void await(CompletableFuture<?> end, Duration atMost) {
        try {
            end.<Object>thenApply(done -> done)
                    .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("a process's end cannot be awaited", e);
        }
    }
}
