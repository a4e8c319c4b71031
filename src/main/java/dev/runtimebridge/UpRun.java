package dev.runtimebridge;

import dev.runtimebridge.cli.UpOptions;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.config.ProviderSettings;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.gateway.GatewaySettings;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bridge with everything embedded, and beside it what its provider needs to run on. */
final class UpRun {
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private final UpOptions options;
    private final Map<String, String> environment;
    private final String searchPath;
    private final PrintStream out;

    UpRun(UpOptions options, Map<String, String> environment, PrintStream out) {
        this.options = options;
        this.environment = environment;
        this.searchPath = environment.getOrDefault("PATH", "");
        this.out = out;
    }

    /**
     * Until the signal; returns the exit status.
     *
     * @throws Misconfigured when the environment has settings that do not fit
     * @throws IOException when a folder, a script or a port cannot be used
     * @throws IllegalArgumentException naming what is wrong in a file
     */
    int until(EndSignal signal) throws IOException, InterruptedException {
        var gateway = new GatewayRun(options, searchPath);
        var values = new HashMap<>(gateway.configure(valuesOfUp()));
        var plain = Misconfigured.orSettings(values);
        Logging.toFolder(options.data(), plain.debug());
        try (gateway;
                var companion = companion(plain)) {
            values.putAll(companion.settings());
            var settings = Misconfigured.orSettings(values);
            return new BridgeRun(settings, searchPath)
                    .until(signal, new Steps(companion, gateway, settings));
        }
    }

    private Map<String, String> valuesOfUp() throws IOException {
        try {
            Files.createDirectories(options.data());
            var keys = KeyMaterial.readOrCreate(options.data(), new SecureRandom());
            return Development.values(environment, options.data(), options.port(), keys);
        } catch (IOException e) {
            throw new IOException(
                    "the folder " + options.data() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Companion companion(Settings plain) throws IOException {
        return switch (options.provider()) {
            case AUTO -> new DockerChoice(environment).orProcesses();
            case LOCAL -> Companion.none();
            case DOCKER -> new DockerChoice(environment).orFail();
            case FARGATE ->
                    options.emulator().isPresent()
                            ? emulated(options.emulator().get(), plain)
                            : Companion.of(Map.of("PROVIDER", "fargate"));
        };
    }

    private Companion emulated(UpOptions.Emulator emulator, Settings plain) throws IOException {
        try {
            return EmulatedCompanion.start(
                    emulator,
                    agentPort(plain.provider()),
                    options.data().resolve("emulated-aws"),
                    environment);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof BindException) {
                throw new IOException(
                        "port %d of 127.0.0.1 is in use: end what listens there, or take"
                                        .formatted(emulator.port())
                                + " another for the emulated AWS with --emulator-port",
                        e);
            }
            throw e;
        }
    }

    private static int agentPort(ProviderSettings settings) {
        return switch (settings) {
            case ProviderSettings.Local local -> local.agentPort();
            case ProviderSettings.Docker docker -> docker.agentPort();
            case ProviderSettings.Fargate fargate -> fargate.agentPort();
        };
    }

    private final class Steps implements BridgeRun.Steps {
        private final Companion companion;
        private final GatewayRun gateway;
        private final Settings settings;

        Steps(Companion companion, GatewayRun gateway, Settings settings) {
            this.companion = companion;
            this.gateway = gateway;
            this.settings = settings;
        }

        @Override
        public Optional<String> agentDoor() {
            return companion.agentDoor();
        }

        @Override
        public void beforeLoops(Bridge bridge) {
            companion.startsEmpty().ifPresent(bridge::nothingIsLeft);
            bridge.change(companion::completing);
        }

        @Override
        public void ready(URI url, List<String> notes) {
            gateway.start(settings, url.getPort());
            options.answersAt(url);
            var all = new ArrayList<>(companion.notes());
            all.addAll(notes);
            all.addAll(gateway.notes());
            Welcome.print(
                    out,
                    url,
                    settings.gateway().map(GatewaySettings::bridge),
                    options.data(),
                    companion.keepsFiles(),
                    all);
        }

        @Override
        public int end(Bridge bridge) throws InterruptedException {
            gateway.close();
            out.println(
                    companion.keepsFiles()
                            ? "stopping: workspaces are kept, their processes end"
                            : "stopping: every container ends");
            if (!bridge.endEverything(LONGEST_END)) {
                throw new IllegalStateException("not every process could be ended: see the log");
            }
            return 0;
        }
    }
}
