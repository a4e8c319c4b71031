package dev.runtimebridge;

import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.cli.CheckResult;
import dev.runtimebridge.cli.CommandFailed;
import dev.runtimebridge.cli.DoctorOptions;
import dev.runtimebridge.cli.EmulateOptions;
import dev.runtimebridge.cli.ExitStatus;
import dev.runtimebridge.cli.Operations;
import dev.runtimebridge.cli.TokenOptions;
import dev.runtimebridge.cli.UpOptions;
import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.DatabaseUnusable;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What the command line asks of the bridge itself. */
final class BridgeOperations implements Operations {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    BridgeOperations(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    @Override
    public int up(UpOptions options) {
        try {
            Files.createDirectories(options.data());
            var keys = KeyMaterial.readOrCreate(options.data(), new SecureRandom());
            var values = Development.values(environment, options.data(), options.port(), keys);
            var settings = settings(values);
            if (settings.isEmpty()) {
                return FAILED;
            }
            Logging.toFolder(options.data(), settings.get().debug());
            return run(settings.get(), Optional.of(options));
        } catch (IOException e) {
            return failed("the folder " + options.data() + " cannot be used: " + reason(e));
        } catch (IllegalArgumentException e) {
            return failed(reason(e));
        }
    }

    @Override
    public int serve() {
        var settings = settings(environment);
        if (settings.isEmpty()) {
            return FAILED;
        }
        Logging.toConsole(settings.get().debug());
        return run(settings.get(), Optional.empty());
    }

    private int run(Settings settings, Optional<UpOptions> up) {
        var wiring = new Wiring(settings, environment.getOrDefault("PATH", ""));
        var bridgeUrl =
                new AtomicReference<>(settings.http().agentBridgeUrl(settings.http().port()));
        try (var signal = new EndSignal()) {
            try (var provider = wiring.provider(bridgeUrl::get);
                    var bridge = wiring.bridge(provider)) {
                int port =
                        bridge.start(
                                settings.http().bindAddress(),
                                settings.http().port(),
                                p -> bridgeUrl.set(settings.http().agentBridgeUrl(p)));
                announce(settings, port, up, provider.notes().get());
                signal.await();
                if (up.isPresent()) {
                    out.println("stopping: workspaces are kept, their processes end");
                    return bridge.endEverything(LONGEST_END)
                            ? DONE
                            : failed("not every process could be ended: see the log");
                }
                return DONE;
            }
        } catch (DatabaseUnusable | StoreUnavailable e) {
            return failed(reason(e));
        } catch (UncheckedIOException e) {
            return failed(
                    e.getCause() instanceof BindException
                            ? inUse(settings.http().port(), settings.http().bindAddress())
                            : reason(e));
        } catch (IOException e) {
            return failed("containers cannot be run here: " + reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private void announce(Settings settings, int port, Optional<UpOptions> up, List<String> notes) {
        var address = settings.http().bindAddress();
        var url =
                URI.create(
                        "http://"
                                + (address.equals("0.0.0.0") ? "127.0.0.1" : address)
                                + ":"
                                + port);
        if (up.isPresent()) {
            up.get().answersAt(url);
            Welcome.print(out, url, up.get().data(), notes);
        } else {
            out.println("ready " + url);
            out.flush();
        }
    }

    @Override
    public int emulateAws(EmulateOptions options) {
        Logging.toConsole(false);
        try (var signal = new EndSignal()) {
            new EmulatorRun(options, environment.getOrDefault("PATH", ""), out).untilTold(signal);
            return DONE;
        } catch (UncheckedIOException e) {
            return failed(
                    e.getCause() instanceof BindException
                            ? inUse(options.port(), "127.0.0.1")
                            : reason(e));
        } catch (IOException | IllegalArgumentException e) {
            return failed(reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    @Override
    public int migrate() {
        var settings = settings(environment);
        if (settings.isEmpty()) {
            return FAILED;
        }
        Logging.toConsole(settings.get().debug());
        try (var database = Wiring.database(settings.get().database())) {
            database.migrate();
            out.println("the database is up to date");
            return DONE;
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
    public Secret newKeys() {
        return new Secret(KeyMaterial.generate(new SecureRandom()).asText());
    }

    @Override
    public int trainServer(Path folder) {
        try {
            int launches = new ServerTraining(environment.getOrDefault("PATH", "")).run(folder);
            out.println("trained with " + launches + " launches");
            return DONE;
        } catch (IOException | IllegalStateException | DatabaseUnusable e) {
            return failed("the training failed: " + reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private Optional<Settings> settings(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> Optional.of(settings);
            case Configuration.Faulty(var faults) -> {
                faults.forEach(fault -> err.println("bridge: " + fault));
                yield Optional.empty();
            }
        };
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
