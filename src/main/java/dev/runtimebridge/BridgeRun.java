package dev.runtimebridge;

import dev.runtimebridge.config.Settings;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A bridge from its start until the process is told to end. */
final class BridgeRun {
    private static final String LOOPBACK = "127.0.0.1";

    private final Settings settings;
    private final String searchPath;

    /** What happens on the way. */
    interface Steps {
        /** An address of this machine that containers reach, where the provider knows of none. */
        default Optional<String> agentDoor() {
            return Optional.empty();
        }

        /** The database is of this version and the bridge listens; nothing is started yet. */
        default void beforeLoops(Bridge bridge) {}

        /**
         * It answers.
         *
         * @param notes what it means for users that this provider is used, for people to read
         */
        void ready(URI url, List<String> notes);

        /**
         * The process was told to end.
         *
         * @return its exit status
         */
        int end(Bridge bridge) throws InterruptedException;
    }

    /**
     * @param searchPath where programs are looked for, as {@code PATH} has it
     */
    BridgeRun(Settings settings, String searchPath) {
        this.settings = settings;
        this.searchPath = searchPath;
    }

    /**
     * Until the signal; returns the exit status.
     *
     * @throws IOException when containers cannot be run here
     * @throws java.io.UncheckedIOException when it cannot listen
     * @throws dev.runtimebridge.store.DatabaseUnusable when the database cannot be used at all
     */
    int until(EndSignal signal, Steps steps) throws IOException, InterruptedException {
        var http = settings.http();
        var wiring = new Wiring(settings, searchPath);
        var bridgeUrl = new AtomicReference<>(http.agentBridgeUrl(http.port()));
        try (var provider = wiring.provider(bridgeUrl::get).orDoor(steps.agentDoor());
                var bridge = wiring.bridge(provider)) {
            int port =
                    bridge.start(
                            http.bindAddress(),
                            http.port(),
                            p -> {
                                var door = provider.agentDoor().orElse(LOOPBACK);
                                bridgeUrl.set(http.agentBridgeUrl(door, p));
                                steps.beforeLoops(bridge);
                            });
            steps.ready(url(http.bindAddress(), port), provider.notes().get());
            signal.await();
            return steps.end(bridge);
        }
    }

    private static URI url(String address, int port) {
        return URI.create(
                "http://" + (address.equals("0.0.0.0") ? "127.0.0.1" : address) + ":" + port);
    }
}
