package dev.runtimebridge;

import dev.runtimebridge.cli.EmulateOptions;
import dev.runtimebridge.cli.TasksRunOn;
import dev.runtimebridge.cli.UpOptions;
import dev.runtimebridge.emulator.script.Definition;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.wire.Calls;
import dev.runtimebridge.provider.ProviderException;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs an emulated AWS by itself and shows what it is asked. */
final class EmulatorRun {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    /** The usual one of a bridge in production. */
    private static final int BRIDGE_PORT = 8080;

    private final EmulateOptions options;
    private final Map<String, String> environment;
    private final PrintStream out;

    EmulatorRun(EmulateOptions options, Map<String, String> environment, PrintStream out) {
        this.options = options;
        this.environment = environment;
        this.out = out;
    }

    /**
     * A laptop's: any task definition will do; on Docker it names the image. With a script laid
     * over it, if there is one.
     *
     * @throws IOException when the script cannot be read
     * @throws IllegalArgumentException naming what is wrong in it
     */
    private static Scenario scenario(Optional<Path> script, TasksRunOn containers)
            throws IOException {
        var usual =
                switch (containers) {
                    case LOCAL ->
                            Scenario.usual()
                                    .withDefinitions(List.of(Definition.of(Definition.ANY, 1)));
                    case DOCKER -> DockerTasks.usual();
                };
        if (script.isEmpty()) {
            return usual;
        }
        var file = script.get();
        try {
            return usual.with(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no script " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the script " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Until the signal.
     *
     * @throws IOException when the script or the folder cannot be read
     * @throws IllegalArgumentException naming what is wrong in the script
     * @throws java.io.UncheckedIOException of a {@link java.net.BindException} when the port is in
     *     use
     */
    void untilTold(EndSignal signal) throws IOException, InterruptedException {
        try (var account = open()) {
            var emulator = account.emulator();
            announce(account);
            if (!options.quiet()) {
                emulator.calls().watch(this::show);
            }
            signal.await();
            out.println("stopping: every task ends");
        }
    }

    private EmulatedAccount open() throws IOException {
        return switch (options.agents()) {
            case STUB ->
                    EmulatedAccount.withStubs(
                            scenario(options.script(), options.containers()),
                            options.port(),
                            options.agentPort());
            case REAL ->
                    account(
                            new UpOptions.Emulator(
                                    options.port(), options.script(), options.containers()),
                            options.agentPort(),
                            options.data(),
                            environment);
        };
    }

    /**
     * An emulator with real agents.
     *
     * @param folder of what they keep
     * @param environment the process's
     * @throws IOException when the script, the folder or the Docker engine cannot be used
     * @throws IllegalArgumentException naming what is wrong in the script
     * @throws java.io.UncheckedIOException of a {@link java.net.BindException} when the port is in
     *     use
     */
    static EmulatedAccount account(
            UpOptions.Emulator wanted, int agentPort, Path folder, Map<String, String> environment)
            throws IOException {
        var scenario = scenario(wanted.script(), wanted.containers());
        return switch (wanted.containers()) {
            case LOCAL ->
                    EmulatedAccount.withRealAgents(
                            scenario,
                            wanted.port(),
                            agentPort,
                            new EmulatedAccount.RealAgents(
                                    folder,
                                    environment.getOrDefault("PATH", ""),
                                    ProviderWiring.agentSoftware()));
            case DOCKER -> {
                try {
                    yield EmulatedAccount.onDocker(
                            scenario, wanted.port(), DockerTasks.open(environment, folder));
                } catch (ProviderException e) {
                    throw new IOException(e.why().text(), e);
                }
            }
        };
    }

    private void announce(EmulatedAccount account) {
        var endpoint = account.emulator().endpoint();
        out.println("ready " + endpoint);
        out.println();
        out.println("  a bridge that uses it (credentials are not verified):");
        account.settings(options.agentPort())
                .forEach((key, value) -> out.println("    " + key + "=" + value));
        account.agentDoor()
                .ifPresent(
                        door ->
                                out.println(
                                        "    AGENT_BRIDGE_URL=http://" + door + ":" + BRIDGE_PORT));
        out.println("  every task and what it costs: " + endpoint + "/emulator/ledger");
        out.println("  calls by action:              " + endpoint + "/emulator/calls");
        out.println();
        out.println("  Ctrl-C ends it and every task.");
        out.flush();
    }

    private void show(Calls.Call call) {
        out.println(TIME.format(call.when()) + " " + call.action() + " " + call.outcome());
    }
}
