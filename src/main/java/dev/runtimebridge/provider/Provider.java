package dev.runtimebridge.provider;

import dev.runtimebridge.catalog.Image;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Runs containers somewhere. Every call may be repeated; none waits for a container to come up.
 * Calls block on I/O, are made from several threads at once, and end in bounded time. A call that
 * fails as a whole throws {@link ProviderException}.
 */
public interface Provider {
    /**
     * The word that configuration, events and metrics use: {@code local}, {@code docker}, {@code
     * fargate}.
     */
    String name();

    /**
     * Whether this provider can run the image at all, as far as it can tell without starting it.
     * Cheap; may be cached.
     */
    boolean offers(Image image);

    /**
     * Where the next batch is to start; stored with it. A provider with several places gives the
     * one that most likely has room. Cheap.
     */
    default String place() {
        return "";
    }

    /**
     * How many containers to ask for now, the rest later: a provider that may be asked only so fast
     * spreads them out, so that no batch has to wait for its turn. Cheap.
     *
     * @param wanted how many are missing, at least 1
     * @param unanswered how many were asked for before and have no answer yet
     * @return 0 to {@code wanted}
     */
    default int admits(int wanted, int unanswered) {
        return wanted;
    }

    /**
     * From now on this bridge asks, where another one did before, or this one before its restart.
     * Called before anything is asked for.
     *
     * @param lastStart when something was last asked for, as far as anything of it still starts
     */
    default void takesOver(Instant lastStart) {}

    /**
     * Starts the batch's containers. Keyed by {@link Batch#key()}: repeating a call starts nothing
     * new and names the same containers again, in the same order. No call is repeated for longer
     * than an hour.
     *
     * @return one entry per container asked for
     */
    List<Started> start(Batch batch);

    /**
     * How old a container is before a look can tell its address; until then it is left alone unless
     * somebody hints at it.
     */
    default Duration addressKnownAfter() {
        return Duration.ZERO;
    }

    /**
     * Looks at many containers together. Has an entry for every reference that was asked for. May
     * say what was seen some seconds ago, so that it can be called often.
     */
    Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs);

    /** Something happened to a container: the next look at it is a fresh one. */
    default void suspect(ContainerRef ref) {}

    /**
     * Whether users keep files from launch to launch. Where not, {@link #attach} has nothing to do,
     * and nobody waits for it.
     */
    default boolean keepsFiles() {
        return true;
    }

    /**
     * Gives a running container its owner's files, while its agent is initialised. At most one
     * container holds a workspace: one that still does loses it, by being ended if need be.
     * Providers without lasting files do nothing.
     */
    void attach(ContainerRef ref, Workspace workspace);

    /**
     * Ends a container and everything it started, and puts its workspace back. An absent container
     * is success.
     */
    void stop(ContainerRef ref, String why);

    /**
     * Lets go of what it made for all containers together; files that users keep stay. For a bridge
     * that takes what it runs along when it goes, when nothing runs any more.
     */
    default void retire() {}

    /** Everything that carries this installation's mark and has not been stopped. */
    List<ContainerRef> owned();

    /**
     * Tells {@code listener} of containers that probably changed. A hint: it may come late, twice
     * or never.
     */
    void onChange(Listener listener);

    /** Hears hints. Must not block. */
    interface Listener {
        void changed(ContainerRef ref);
    }
}
