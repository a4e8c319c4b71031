package dev.runtimebridge.cli;

import dev.runtimebridge.secret.Secret;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs one command line in this process, with streams, an environment and operations of its own.
 */
final class RunCommand implements Operations {
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] in = {};
    private boolean terminal;

    final List<UpOptions> ups = new ArrayList<>();
    final List<EmulateOptions> emulations = new ArrayList<>();
    final List<TokenOptions> tokens = new ArrayList<>();
    final List<Path> gatewayFolders = new ArrayList<>();
    final List<DoctorOptions> doctors = new ArrayList<>();
    final List<BuildOptions> builds = new ArrayList<>();

    /** Why builds fail, if they do. */
    String buildFault = "";

    /** What the doctor finds. */
    final List<CheckResult> findings = new ArrayList<>();

    int status;

    RunCommand(Path state) {
        environment.put("XDG_STATE_HOME", state.toString());
        environment.put("TERM", "xterm");
        environment.put("NO_COLOR", "1");
    }

    RunCommand with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    RunCommand input(String text) {
        in = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    RunCommand onATerminal() {
        terminal = true;
        return this;
    }

    RunCommand run(String... arguments) {
        var surroundings =
                new Surroundings(
                        environment,
                        new ByteArrayInputStream(in),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        false,
                        () -> Instant.parse("2026-01-01T00:01:30Z"));
        status = new CommandLineClient(this, surroundings).run(arguments);
        return this;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int up(UpOptions options) {
        ups.add(options);
        return 0;
    }

    @Override
    public int trainServer(Path folder) {
        return 0;
    }

    @Override
    public int serve() {
        return 0;
    }

    @Override
    public int emulateAws(EmulateOptions options) {
        emulations.add(options);
        return 0;
    }

    @Override
    public int gatewayConfig(Path folder) {
        gatewayFolders.add(folder);
        return status;
    }

    @Override
    public int migrate() {
        return 0;
    }

    @Override
    public Secret token(TokenOptions options) {
        tokens.add(options);
        return new Secret(FakeBridge.TOKEN);
    }

    @Override
    public void doctor(DoctorOptions options, Consumer<CheckResult> told) {
        doctors.add(options);
        findings.forEach(told);
    }

    @Override
    public void buildImages(BuildOptions options, BuildProgress progress) {
        builds.add(options);
        progress.begins("base");
        progress.says("Step 1/2 : FROM debian");
        if (!buildFault.isEmpty()) {
            throw new CommandFailed(buildFault);
        }
        progress.built("runtime-bridge/base");
    }

    @Override
    public Secret newKeys() {
        return new Secret("# What it is for\nKEY=dmFsdWU=\n");
    }
}
