package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageDetails;
import dev.runtimebridge.cli.CheckResult;
import dev.runtimebridge.cli.CheckResult.State;
import dev.runtimebridge.cli.DoctorOptions;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.testing.MariaDbServer;
import dev.runtimebridge.testing.TestDatabases;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Each test breaks one thing on this machine or in the database and reads what the doctor says to
 * do; what it says of AWS is {@code FargateDoctorTest}'s.
 */
class ExaminationTest {
    @TempDir private Path folder;
    private final List<CheckResult> findings = new ArrayList<>();
    private final Map<String, String> environment =
            new HashMap<>(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"));

    // --- configuration and keys ---

    @Test
    void withoutAConfigurationWhatUpNeedsIsLookedAtAndNothingIsLeftBehind() throws IOException {
        findings.addAll(examine());

        assertThat(findings.getFirst())
                .isEqualTo(
                        new CheckResult(
                                "configuration",
                                State.OK,
                                "none is set: what ./bridge up needs is looked at",
                                ""));
        assertThat(findings).extracting(CheckResult::state).doesNotContain(State.WRONG);
        assertThat(folder.resolve("data")).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void faultsOfTheConfigurationAreToldEachWithWhereToMendIt() {
        environment.put("PROVIDER", "fargate");
        environment.put("PORT", "many");

        assertThat(examine())
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        found -> {
                            assertThat(found.check()).isEqualTo("configuration");
                            assertThat(found.state()).isEqualTo(State.WRONG);
                            assertThat(found.hint()).contains(".env.example");
                        })
                .extracting(CheckResult::detail)
                .anyMatch(detail -> detail.contains("PORT"))
                .anyMatch(detail -> detail.contains("CLUSTER_NAME is missing"));
    }

    @Test
    void aDamagedKeyFileIsToBeRestored() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/keys.env"), "API_KEY_MASTER=short\n");

        assertThat(found("keys").state()).isEqualTo(State.WRONG);
        assertThat(found("keys").detail()).contains("keys.env is damaged", "SEALING_KEYS");
        assertThat(found("keys").hint()).isEqualTo("restore the file");
    }

    // --- the embedded database ---

    @Test
    void whereThereIsNoDatabaseYetTheFirstStartMakesIt() {
        assertThat(found("database").state()).isEqualTo(State.NOTE);
        assertThat(found("database").detail()).contains("it is made at the first start");
    }

    @Test
    void theCatalogueOfTheDatabaseIsRead() throws IOException {
        embedded().close();

        assertThat(found("database").state()).isEqualTo(State.OK);
        assertThat(found("database").detail())
                .isEqualTo("it answers; 9 images are in the catalogue");
    }

    @Test
    void aDatabaseThatARunningBridgeHoldsIsNoFault() throws IOException {
        embedded().close();
        var files = folder.resolve("data/bridge.mv.db").toString();
        var holder = new MVStore.Builder().fileName(files).open();
        try {
            assertThat(found("database").state()).isEqualTo(State.NOTE);
            assertThat(found("database").detail()).contains("in use by another process");
            assertThat(found("database").hint()).contains("./bridge images asks it");
        } finally {
            holder.close();
        }
    }

    @Test
    void brokenFilesAreToBeRestored() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.write(folder.resolve("data/bridge.mv.db"), new byte[20_000]);

        assertThat(found("database").state()).isEqualTo(State.WRONG);
        assertThat(found("database").detail()).contains("restore them from a backup");
        assertThat(found("database").hint()).contains(folder.resolve("data").toString());
    }

    // --- a database server ---

    @Test
    void aServerThatAnswersIsWell() {
        try (var database = new Database(server())) {
            database.migrate();
        }
        assertThat(found("database").state()).isEqualTo(State.OK);
    }

    @Test
    void anEmptyDatabaseIsFilledByTheNextStartOrByMigrate() {
        server();

        assertThat(found("database").state()).isEqualTo(State.NOTE);
        assertThat(found("database").detail()).contains("its schema lacks");
        assertThat(found("database").hint()).contains("./bridge migrate");
        assertThat(examine()).as("the first look changed nothing").contains(found("database"));
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown() {
        server();
        environment.put("DB_PASSWORD", "sentinel-not-the-password");

        assertThat(found("database").state()).isEqualTo(State.WRONG);
        assertThat(found("database").detail()).contains("refuses user bridge");
        assertThat(found("database").hint()).contains("DB_USER and DB_PASSWORD");
        assertThat(findings.toString()).doesNotContain("sentinel");
    }

    @Test
    void aDatabaseThatIsNotThereIsToBeCreated() {
        server();
        environment.put("DB_DATABASE", "nowhere");

        assertThat(found("database").state()).isEqualTo(State.WRONG);
        assertThat(found("database").hint()).contains("DB_DATABASE");
    }

    @Test
    void aServerThatDoesNotAnswerIsToBeLookedAt() throws IOException {
        server();
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("DB_PORT", Integer.toString(free.getLocalPort()));
        }

        assertThat(found("database").state()).isEqualTo(State.WRONG);
        assertThat(found("database").detail()).contains("cannot be reached");
        assertThat(found("database").hint()).contains("DB_URI, DB_PORT", "the server");
    }

    // --- containers on this machine ---

    @Test
    void aToolchainThatContainersDoNotSeeIsToBeInstalledForAll() throws IOException {
        try (var database = embedded()) {
            var images = new SqlImages(database);
            images.add(image("Nope", "no-such-program"));
            images.add(image("Nothing", ""));
        }

        assertThat(found("image 1 (Python 3)").state()).isEqualTo(State.OK);
        assertThat(found("image 10 (Nope)").state()).isEqualTo(State.NOTE);
        assertThat(found("image 10 (Nope)").detail()).contains("no-such-program");
        assertThat(found("image 10 (Nope)").hint()).contains("install it for all users");
        assertThat(found("image 11 (Nothing)").detail()).isEqualTo("it has no local command");
    }

    @Test
    void whereNoTemporaryFolderCanBeMadeContainersCannotBeTried() {
        environment.put("TMPDIR", folder.resolve("nowhere").toString());

        assertThat(found("local containers").state()).isEqualTo(State.WRONG);
        assertThat(found("local containers").hint()).contains("TMPDIR");
    }

    // --- the other providers ---

    @Test
    void anEngineThatDoesNotAnswerIsToBeStartedOrNamed() {
        keys();
        environment.put("PROVIDER", "docker");
        environment.put("DATABASE", "h2");
        environment.put("DATA_DIR", folder.resolve("data").toString());
        environment.put("AUTH_MODE", "secret");
        environment.put("DOCKER_HOST", "unix://" + folder.resolve("docker.sock"));

        assertThat(found("docker engine").state()).isEqualTo(State.WRONG);
        assertThat(found("docker engine").hint()).contains("DOCKER_HOST");
    }

    private void keys() {
        KeyMaterial.generate(new SecureRandom())
                .asText()
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2 && !pair[0].startsWith("#"))
                .forEach(pair -> environment.put(pair[0], pair[1]));
    }

    private List<CheckResult> examine() {
        var told = new ArrayList<CheckResult>();
        new Examination(environment, told::add)
                .run(new DoctorOptions(folder.resolve("data"), false));
        return told;
    }

    /** Of the first examination. */
    private CheckResult found(String check) {
        if (findings.isEmpty()) {
            findings.addAll(examine());
        }
        return findings.stream()
                .filter(found -> found.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " is not among " + findings));
    }

    private DatabaseSettings embeddedSettings() throws IOException {
        return DatabaseSettings.embedded(
                Files.createDirectories(folder.resolve("data")), TestDatabases.limits());
    }

    private Database embedded() throws IOException {
        var database = new Database(embeddedSettings());
        database.migrate();
        return database;
    }

    private static ImageDetails image(String name, String program) {
        return new ImageDetails(
                name,
                "other",
                new Image.Run(program, "", ""),
                new Image.Size(250, 512, Architecture.X86_64),
                BigDecimal.ZERO,
                true);
    }

    /** A bridge's configuration with an empty database on the real server. */
    private DatabaseSettings server() {
        var settings = MariaDbServer.shared().newDatabase(TestDatabases.limits());
        var address = URI.create(settings.url().substring("jdbc:".length()));
        keys();
        environment.put("PROVIDER", "local");
        environment.put("AUTH_MODE", "secret");
        environment.put("DATABASE", "mysql");
        environment.put("DB_URI", address.getHost());
        environment.put("DB_PORT", Integer.toString(address.getPort()));
        environment.put("DB_DATABASE", address.getPath().substring(1).replaceAll("\\?.*", ""));
        environment.put("DB_USER", settings.user());
        environment.put("DB_PASSWORD", settings.password().reveal());
        return settings;
    }
}
