package dev.runtimebridge.provider.local;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** What stands between a container and the rest of the machine. */
sealed interface Boundary permits Bubblewrap, Unseparated {
    /**
     * A container's view of itself.
     *
     * @param path the search path for programs
     */
    record View(
            Path home,
            Path state,
            Path temporary,
            Path supervisor,
            Path libraries,
            Path java,
            String path) {}

    View view(ContainerFolder folder);

    /** The command that runs {@code program}, as the container sees it, inside the boundary. */
    List<String> command(ContainerFolder folder, List<String> program);

    /** Who owns the container's files out here; empty where they are the bridge's own. */
    OptionalInt owner();

    /** Whether a container's first process takes all others with it. */
    boolean endsWhole();

    /** {@code AGENT_NETWORK}: whether the agent can tell what listens for its user. */
    String network();

    Isolation isolation();

    /** Whether this program can be run inside. */
    boolean offers(String program);
}
