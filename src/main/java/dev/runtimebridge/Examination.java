package dev.runtimebridge;

import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.cli.CheckResult;
import dev.runtimebridge.cli.DoctorOptions;
import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.DatabaseSettings;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.config.ProviderSettings;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.docker.DockerDoctor;
import dev.runtimebridge.provider.fargate.FargateDoctor;
import dev.runtimebridge.store.DatabaseUnusable;
import dev.runtimebridge.store.SqlImages;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at what a bridge depends on: its configuration, its database, where its containers run. */
final class Examination {
    private static final int UPS_PORT = 8080;

    private final Map<String, String> environment;
    private final Consumer<CheckResult> told;
    private final SecureRandom random = new SecureRandom();

    Examination(Map<String, String> environment, Consumer<CheckResult> told) {
        this.environment = environment;
        this.told = told;
    }

    void run(DoctorOptions options) {
        boolean configured =
                environment.containsKey("PROVIDER") || environment.containsKey("LOCAL_CONTAINER");
        boolean up = options.named() || !configured;
        switch (Config.read(up ? valuesOfUp(options.data()) : environment)) {
            case Configuration.Faulty(var faults) ->
                    faults.forEach(
                            fault ->
                                    tell(
                                            Finding.wrong(
                                                    "configuration",
                                                    fault,
                                                    "set it in the environment or in .env, as"
                                                            + " .env.example explains")));
            case Configuration.Ready(var settings) -> {
                tell(
                        Finding.ok(
                                "configuration",
                                up
                                        ? "none is set: what ./bridge up needs is looked at"
                                        : "no fault in it"));
                examine(settings);
            }
        }
    }

    private Map<String, String> valuesOfUp(Path data) {
        try {
            var keys = KeyMaterial.read(data).orElseGet(() -> KeyMaterial.generate(random));
            return Development.values(environment, data, UPS_PORT, keys);
        } catch (IllegalArgumentException e) {
            tell(Finding.wrong("keys", String.valueOf(e.getMessage()), "restore the file"));
            var others = KeyMaterial.generate(random);
            return Development.values(environment, data, UPS_PORT, others);
        }
    }

    private void examine(Settings settings) {
        var images = catalogue(settings.database());
        switch (settings.provider()) {
            case ProviderSettings.Fargate fargate -> {
                var bridge = settings.http().agentBridgeUrl(settings.http().port());
                try (var doctor =
                        new FargateDoctor(fargate.settings(), fargate.agentPort(), bridge)) {
                    doctor.examine(images, this::tell);
                }
            }
            case ProviderSettings.Docker docker ->
                    new DockerDoctor(docker.host(), docker.helperImage())
                            .examine(images, this::tell);
            case ProviderSettings.Local local -> local(settings, local.agentPort(), images);
        }
    }

    /** The images of the catalogue, where it can be read. */
    private Optional<List<Image>> catalogue(DatabaseSettings settings) {
        var check = "database";
        if (settings instanceof DatabaseSettings.Embedded(var folder, var size)
                && !Files.exists(folder.resolve("bridge.mv.db"))) {
            tell(
                    Finding.note(
                            check,
                            "there is none in " + folder + " yet: it is made at the first start",
                            ""));
            return Optional.empty();
        }
        try (var database = Wiring.database(settings)) {
            int lacking = database.lackingMigrations();
            database.ping();
            if (lacking > 0) {
                tell(
                        Finding.note(
                                check,
                                "it answers; its schema lacks "
                                        + lacking
                                        + " steps, which the next start of a bridge adds",
                                "./bridge migrate, to have them now"));
                return Optional.empty();
            }
            var images = new SqlImages(database).images();
            tell(
                    Finding.ok(
                            check,
                            "it answers; " + images.size() + " images are in the catalogue"));
            return Optional.of(images);
        } catch (DatabaseUnusable e) {
            var why = String.valueOf(e.getMessage());
            tell(
                    e.inUse()
                            ? Finding.note(
                                    check,
                                    "not looked at: " + why,
                                    "when that is a bridge which is up, ./bridge images asks it")
                            : unusable(check, settings, why));
        } catch (StoreUnavailable e) {
            tell(unusable(check, settings, String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    private static Finding unusable(String check, DatabaseSettings settings, String why) {
        return switch (settings) {
            case DatabaseSettings.Embedded(var folder, _) ->
                    Finding.wrong(check, why, "look at the files in " + folder);
            case DatabaseSettings.MySql mySql ->
                    Finding.wrong(
                            check,
                            why,
                            "look at DB_URI, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD, and at"
                                    + " the server");
        };
    }

    /** Tries what a container would get in a folder that is gone afterwards. */
    private void local(Settings settings, int agentPort, Optional<List<Image>> images) {
        var check = "local containers";
        try {
            var folder = Files.createTempDirectory(temporary(), "bridge-doctor-");
            try (var provider = providerIn(settings, folder, agentPort)) {
                provider.notes().get().forEach(note -> tell(Finding.note(check, note, "")));
                images.orElse(List.of()).stream()
                        .filter(Image::enabled)
                        .forEach(
                                image -> tell(toolchain(image, provider.provider().offers(image))));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            tell(
                    Finding.wrong(
                            check,
                            "they cannot be tried: " + e.getMessage(),
                            "make room for temporary files, or set TMPDIR"));
        }
    }

    /** Java itself does not heed it. */
    private Path temporary() {
        return Path.of(
                environment.getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir", "/tmp")));
    }

    private ProviderInUse providerIn(Settings settings, Path folder, int agentPort)
            throws IOException {
        var elsewhere =
                new Settings(
                        settings.http(),
                        settings.database(),
                        settings.auth(),
                        settings.launch(),
                        settings.fleet(),
                        new ProviderSettings.Local(folder, agentPort),
                        Optional.empty(),
                        settings.secrets(),
                        settings.debug());
        return new Wiring(elsewhere, environment.getOrDefault("PATH", ""))
                .provider(() -> URI.create("http://127.0.0.1"));
    }

    private static Finding toolchain(Image image, boolean offered) {
        var check = "image " + image.id() + " (" + image.name() + ")";
        var program = image.run().localCommand();
        if (offered) {
            return Finding.ok(check, program + " is there");
        }
        return program.isEmpty()
                ? Finding.note(check, "it has no local command", "")
                : Finding.note(
                        check,
                        "containers do not see " + program,
                        "install it for all users, under /usr or /opt, if the image is wanted");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void tell(Finding finding) {
        var state =
                switch (finding.state()) {
                    case OK -> CheckResult.State.OK;
                    case NOTE -> CheckResult.State.NOTE;
                    case WRONG -> CheckResult.State.WRONG;
                };
        told.accept(new CheckResult(finding.check(), state, finding.detail(), finding.hint()));
    }
}
