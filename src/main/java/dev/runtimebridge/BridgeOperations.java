package dev.runtimebridge;

import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.cli.BuildOptions;
import dev.runtimebridge.cli.BuildProgress;
import dev.runtimebridge.cli.CheckResult;
import dev.runtimebridge.cli.CommandFailed;
import dev.runtimebridge.cli.DoctorOptions;
import dev.runtimebridge.cli.EmulateOptions;
import dev.runtimebridge.cli.ExitStatus;
import dev.runtimebridge.cli.Operations;
import dev.runtimebridge.cli.TokenOptions;
import dev.runtimebridge.cli.UpOptions;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.provider.docker.Engine;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.DatabaseUnusable;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the command line asks of the bridge itself. */
final class BridgeOperations implements Operations {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private final Map<String, String> environment;
    private final String searchPath;
    private final PrintStream out;
    private final PrintStream err;

    BridgeOperations(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.searchPath = environment.getOrDefault("PATH", "");
        this.out = out;
        this.err = err;
    }

    @Override
    public int up(UpOptions options) {
        return guarded(
                "127.0.0.1",
                options.port(),
                signal -> new UpRun(options, environment, out).until(signal));
    }

    @Override
    public int serve() {
        try {
            var settings = Misconfigured.orSettings(environment);
            Logging.toConsole(settings.debug());
            return guarded(
                    settings.http().bindAddress(),
                    settings.http().port(),
                    signal -> new BridgeRun(settings, searchPath).until(signal, new Served()));
        } catch (Misconfigured e) {
            return misconfigured(e);
        }
    }

    @Override
    public int emulateAws(EmulateOptions options) {
        Logging.toConsole(false);
        return guarded(
                "127.0.0.1",
                options.port(),
                signal -> {
                    new EmulatorRun(options, environment, out).untilTold(signal);
                    return DONE;
                });
    }

    /** Something that goes on until the process is told to end. */
    @FunctionalInterface
    private interface Run {
        int until(EndSignal signal) throws IOException, InterruptedException;
    }

    /** What serving says and does beside it: hardly anything. */
    private final class Served implements BridgeRun.Steps {
        @Override
        public void ready(URI url, List<String> notes) {
            out.println("ready " + url);
            out.flush();
        }

        @Override
        public int end(Bridge bridge) {
            return DONE;
        }
    }

    /**
     * Runs it, and says in one line why when it cannot.
     *
     * @param port what it is to listen on
     */
    private int guarded(String address, int port, Run run) {
        try (var signal = new EndSignal()) {
            return run.until(signal);
        } catch (Misconfigured e) {
            return misconfigured(e);
        } catch (UncheckedIOException e) {
            return failed(e.getCause() instanceof BindException ? inUse(port, address) : reason(e));
        } catch (DatabaseUnusable
                | StoreUnavailable
                | IOException
                | IllegalArgumentException
                | IllegalStateException e) {
            return failed(reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    @Override
    public int migrate() {
        try {
            var settings = Misconfigured.orSettings(environment);
            Logging.toConsole(settings.debug());
            try (var database = Wiring.database(settings.database())) {
                database.migrate();
                out.println("the database is up to date");
                return DONE;
            }
        } catch (Misconfigured e) {
            return misconfigured(e);
        } catch (DatabaseUnusable | StoreUnavailable e) {
            return failed(reason(e));
        }
    }

    @Override
    public Secret token(TokenOptions options) {
        try {
            var keys =
                    KeyMaterial.read(options.data())
                            .orElseThrow(
                                    () ->
                                            new CommandFailed(
                                                    ExitStatus.FAILED,
                                                    "there are no keys in "
                                                            + options.data()
                                                            + ": `./bridge up` makes them, or give"
                                                            + " --token"));
            return new TokenMinter(keys.jwtSecret(), InstantSource.system())
                    .mint(options.user(), options.email(), options.roles(), options.lifetime());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitStatus.FAILED, reason(e), e);
        }
    }

    @Override
    public void doctor(DoctorOptions options, Consumer<CheckResult> told) {
        // What libraries have to say meanwhile is no finding.
        Logging.toConsole(false);
        new Examination(environment, told).run(options);
    }

    @Override
    public int gatewayConfig(Path folder) {
        return guarded(
                "",
                0,
                signal -> {
                    out.println(
                            GatewayRun.config(
                                    Misconfigured.orSettings(environment), searchPath, folder));
                    return DONE;
                });
    }

    @Override
    public Secret newKeys() {
        return new Secret(KeyMaterial.generate(new SecureRandom()).asTextWithGatewayKey());
    }

    @Override
    public int trainServer(Path folder) {
        try {
            int launches = new ServerTraining(searchPath).run(folder);
            out.println("trained with " + launches + " launches");
            return DONE;
        } catch (IOException | IllegalStateException | DatabaseUnusable e) {
            return failed("the training failed: " + reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    @Override
    public void buildImages(BuildOptions options, BuildProgress progress) {
        Logging.toConsole(false);
        try (var engine = Engine.at(DockerChoice.host(environment))) {
            new ImageBuilds(engine).run(options, progress);
        }
    }

    private int misconfigured(Misconfigured why) {
        why.faults().forEach(fault -> err.println("bridge: " + fault));
        return FAILED;
    }

    private int failed(String why) {
        err.println("bridge: " + why);
        return FAILED;
    }

    private static String inUse(int port, String address) {
        return "port %d of %s is in use: end what listens there, or take another port"
                .formatted(port, address);
    }

    private static String reason(Throwable fault) {
        return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
    }
}
