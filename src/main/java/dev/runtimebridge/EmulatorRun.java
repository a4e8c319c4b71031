package dev.runtimebridge;

import dev.runtimebridge.cli.EmulateOptions;
import dev.runtimebridge.emulator.script.Definition;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.wire.Calls;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Runs an emulated AWS by itself and shows what it is asked. */
final class EmulatorRun {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final EmulateOptions options;
    private final String searchPath;
    private final PrintStream out;

    EmulatorRun(EmulateOptions options, String searchPath, PrintStream out) {
        this.options = options;
        this.searchPath = searchPath;
        this.out = out;
    }

    /**
     * A laptop's: any task definition will do, for there are no images to be named wrongly. With a
     * script laid over it, if there is one.
     *
     * @throws IOException when the script cannot be read
     * @throws IllegalArgumentException naming what is wrong in it
     */
    static Scenario scenario(Optional<Path> script) throws IOException {
        var usual = Scenario.usual().withDefinitions(List.of(Definition.of(Definition.ANY, 1)));
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
        var scenario = scenario(options.script());
        try (var account = open(scenario)) {
            var emulator = account.emulator();
            announce(account);
            if (!options.quiet()) {
                emulator.calls().watch(this::show);
            }
            signal.await();
            out.println("stopping: every task ends");
        }
    }

    private EmulatedAccount open(Scenario scenario) throws IOException {
        return switch (options.agents()) {
            case STUB -> EmulatedAccount.withStubs(scenario, options.port(), options.agentPort());
            case REAL ->
                    EmulatedAccount.withRealAgents(
                            scenario,
                            options.port(),
                            options.agentPort(),
                            new EmulatedAccount.RealAgents(
                                    options.data(), searchPath, ProviderWiring.agentSoftware()));
        };
    }

    private void announce(EmulatedAccount account) {
        var endpoint = account.emulator().endpoint();
        out.println("ready " + endpoint);
        out.println();
        out.println("  a bridge that uses it (credentials are not verified):");
        account.settings(options.agentPort())
                .forEach((key, value) -> out.println("    " + key + "=" + value));
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
