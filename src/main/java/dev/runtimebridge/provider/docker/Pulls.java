package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Fetches images that the engine does not have, and remembers which containers wait for one: that
 * is all there is of them so far. One fetch per image at a time.
 */
final class Pulls {
    private static final String FETCHING = "fetching the image";

    private final Engine engine;
    private final Executor beside;
    private final Map<String, Pull> running = new ConcurrentHashMap<>();
    private final Map<ContainerRef, String> waiting = new ConcurrentHashMap<>();
    private final Map<ContainerRef, Cause> failed = new ConcurrentHashMap<>();

    Pulls(Engine engine, Executor beside) {
        this.engine = engine;
        this.beside = beside;
    }

    private static final class Pull {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private volatile String phase = FETCHING;
    }

    /** Whether an image that the engine does not have may be found elsewhere. */
    static boolean possible(String reference) {
        return !reference.startsWith(RuntimeImages.PREFIX);
    }

    /**
     * Refuses what can only be built.
     *
     * @throws ProviderException with what to do
     */
    static void refuseImpossible(String reference) {
        if (!possible(reference)) {
            throw ProviderException.lasting(
                    new Cause(Kind.IMAGE, "the engine has no image " + reference)
                            .hint("build it with `./bridge images build`"),
                    null);
        }
    }

    /**
     * Starts a container once its image is there. Repeatable.
     *
     * @param start starts it
     * @param over told when that is done, or has failed
     */
    void await(ContainerRef ref, String reference, Runnable start, Consumer<ContainerRef> over) {
        if (waiting.putIfAbsent(ref, reference) != null) {
            return;
        }
        var _ =
                begin(reference)
                        .thenRunAsync(start, beside)
                        .handle(
                                (_, fault) -> {
                                    if (fault != null) {
                                        failed.put(ref, cause(fault));
                                    }
                                    waiting.remove(ref);
                                    over.accept(ref);
                                    return ref;
                                });
    }

    /** What is to be said of a container that waits for its image, or got none. */
    Optional<Observation> observation(ContainerRef ref) {
        var reference = waiting.get(ref);
        if (reference != null) {
            var pull = running.get(reference);
            return Optional.of(new Observation.Pending(pull == null ? FETCHING : pull.phase, true));
        }
        return Optional.ofNullable(failed.get(ref)).map(Observation.Gone::new);
    }

    void forget(ContainerRef ref) {
        failed.remove(ref);
    }

    private CompletableFuture<Void> begin(String reference) {
        var mine = new Pull();
        var there = running.putIfAbsent(reference, mine);
        if (there != null) {
            return there.done;
        }
        beside.execute(() -> fetch(reference, mine));
        return mine.done;
    }

    private void fetch(String reference, Pull pull) {
        try {
            fetch(engine, reference, phase -> pull.phase = phase);
            pull.done.complete(null);
        } catch (ProviderException | IllegalStateException e) {
            pull.done.completeExceptionally(e);
        } finally {
            running.remove(reference);
        }
    }

    /**
     * Fetches an image, and waits for it.
     *
     * @param phase told how far it is
     * @throws ProviderException when it cannot be had
     */
    static void fetch(Engine engine, String reference, Consumer<String> phase) {
        refuseImpossible(reference);
        engine.call(
                "fetch the image " + reference,
                docker -> {
                    try {
                        return docker.pullImageCmd(reference)
                                .exec(new Phases(phase))
                                .awaitCompletion();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted", e);
                    }
                });
    }

    private static Cause cause(Throwable fault) {
        var inner = fault instanceof CompletionException ? fault.getCause() : fault;
        return inner instanceof ProviderException failure
                ? failure.why()
                : new Cause(Kind.INFRASTRUCTURE, "it could not be started: " + inner);
    }

    private static final class Phases extends ResultCallback.Adapter<PullResponseItem> {
        private final Consumer<String> told;

        Phases(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public void onNext(PullResponseItem item) {
            var status = item.getStatus();
            if (item.getId() != null && status != null && !status.isBlank()) {
                told.accept(FETCHING + ": " + item.getId() + " " + status);
            }
        }
    }
}
