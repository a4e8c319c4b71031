package dev.runtimebridge.config;

import static dev.runtimebridge.config.Samples.faults;
import static dev.runtimebridge.config.Samples.faultsOf;
import static dev.runtimebridge.config.Samples.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.secret.Secret;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SettingsTest {
    @Test
    void allFaultsAreReportedTogether() {
        var faults =
                faultsOf(
                        Map.of(
                                "PORT",
                                "http",
                                "AUTH_MODE",
                                "secret",
                                "JWT_SECRET",
                                "short",
                                "PATIENCE",
                                "soon"));

        assertThat(faults)
                .extracting(fault -> fault.split(" ", 2)[0])
                .containsExactlyInAnyOrder(
                        "PORT",
                        "PROVIDER",
                        "DB_URI",
                        "DB_DATABASE",
                        "DB_USER",
                        "PATIENCE",
                        "JWT_SECRET",
                        "SEALING_KEYS",
                        "API_KEY_MASTER",
                        "BRIDGE_SIGNING_KEY");
    }

    @Test
    void aFaultNamesTheKeyTheValueAndWhatIsExpected() {
        assertThat(faults("PORT", "70000"))
                .containsExactly(
                        "PORT does not fit, being '70000'; expected a whole number from 0 to"
                                + " 65535");
    }

    @Test
    void aFaultIsOneLineWhateverTheValue() {
        assertThat(faults("PORT", "1\n2\r" + "x".repeat(1000)))
                .singleElement()
                .satisfies(fault -> assertThat(fault).hasSizeLessThan(200).doesNotContain("\n"));
    }

    @Test
    void noFaultRepeatsASecret() {
        for (var key :
                List.of("JWT_SECRET", "SEALING_KEYS", "API_KEY_MASTER", "BRIDGE_SIGNING_KEY")) {
            assertThat(faults(key, "hush-hush:hushhush"))
                    .singleElement()
                    .satisfies(
                            fault ->
                                    assertThat(fault).startsWith(key + " ").doesNotContain("hush"));
        }
    }

    @Test
    void noSettingShowsASecret() {
        var values =
                Samples.wholeWith("DATABASE", "mysql", "DB_URI", "db", "DB_DATABASE", "bridge");
        values.putAll(Map.of("DB_USER", "bridge", "DB_PASSWORD", "hush-hush"));
        var shown = Config.read(values).toString();

        for (var key :
                List.of("JWT_SECRET", "SEALING_KEYS", "API_KEY_MASTER", "BRIDGE_SIGNING_KEY")) {
            assertThat(shown).doesNotContain(values.get(key));
        }
        assertThat(shown).doesNotContain("hush-hush");
    }

    @Test
    void anEmptyValueIsNone() {
        assertThat(settings("PORT", " ").http().port()).isEqualTo(8080);
    }

    @Property(tries = 300)
    void noTextMakesReadingThrow(@ForAll("keys") String key, @ForAll String text) {
        assertThat(Config.read(Samples.wholeWith(key, text))).isNotNull();
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of(
                Keys.byHeading().values().stream().flatMap(List::stream).map(Key::name).toList());
    }

    @Nested
    class Http {
        @Test
        void defaults() {
            var http = settings().http();
            assertThat(http.bindAddress()).isEqualTo("0.0.0.0");
            assertThat(http.port()).isEqualTo(8080);
            assertThat(http.allowedOrigins()).isEmpty();
            assertThat(http.agentBridgeUrl(8081)).isEqualTo(URI.create("http://127.0.0.1:8081"));
        }

        @Test
        void explicit() {
            var http =
                    settings(
                                    "BIND_ADDRESS", "127.0.0.1",
                                    "PORT", "0",
                                    "AGENT_BRIDGE_URL", "https://bridge.example.org",
                                    "ALLOWED_ORIGINS",
                                            "https://IDE.example.org, http://localhost:3000")
                            .http();
            assertThat(http.bindAddress()).isEqualTo("127.0.0.1");
            assertThat(http.port()).isZero();
            assertThat(http.agentBridgeUrl(1)).isEqualTo(URI.create("https://bridge.example.org"));
            assertThat(http.allowedOrigins())
                    .containsExactly("https://ide.example.org", "http://localhost:3000");
        }

        @Test
        void anOriginIsSchemeHostAndPortOnly() {
            for (var bad :
                    List.of(
                            "*",
                            "null",
                            "ide.example.org",
                            "https://ide.example.org/",
                            "https://a@ide.example.org",
                            "file:///x",
                            "https://a.org,,https://b.org")) {
                assertThat(faults("ALLOWED_ORIGINS", bad)).as(bad).hasSize(1);
            }
        }

        @Test
        void proxiesAreNetworksOrSingleAddresses() {
            assertThat(settings().http().trustedProxies()).isEmpty();
            assertThat(
                            settings("TRUSTED_PROXIES", "10.0.6.0/23, 10.1.2.3,fd00::/8,::1")
                                    .http()
                                    .trustedProxies())
                    .containsExactly("10.0.6.0/23", "10.1.2.3", "fd00::/8", "::1");
        }

        @Test
        void theWholeWorldIsNoProxyAndNeitherIsWhatNobodyCanRead() {
            for (var bad :
                    List.of(
                            "0.0.0.0/0",
                            "::/0",
                            "*",
                            "10.0.0.0/33",
                            "10.0.0.0/-1",
                            "10.0.0.0/",
                            "10",
                            "10.0.0.0/8,,10.1.2.3",
                            "balancer.example",
                            "fe80::1%eth0",
                            "10.0.0.300")) {
                assertThat(faults("TRUSTED_PROXIES", bad)).as(bad).hasSize(1);
            }
            assertThat(faults("TRUSTED_PROXIES", "10.0.7.0/23").toString())
                    .contains("10.0.7.0/23 has bits beyond its prefix");
        }

        @Test
        void theAgentsNeedAUrlThatTheyCanCall() {
            assertThat(faults("AGENT_BRIDGE_URL", "bridge:8080")).hasSize(1);
            assertThat(faults("AGENT_BRIDGE_URL", "ftp://bridge")).hasSize(1);
        }
    }

    @Nested
    class Database {
        @Test
        void embeddedKeepsItsFilesInTheDataFolder() {
            assertThat(settings("DATA_DIR", "/var/lib/bridge").database())
                    .isEqualTo(new DatabaseSettings.Embedded(Path.of("/var/lib/bridge"), 10));
        }

        @Test
        void aServerNeedsHostDatabaseAndUser() {
            assertThat(faults("DATABASE", "mysql"))
                    .containsExactlyInAnyOrder(
                            "DB_URI is missing (DATABASE is mysql); expected a host name or"
                                    + " address",
                            "DB_DATABASE is missing (DATABASE is mysql); expected the name of a"
                                    + " database",
                            "DB_USER is missing (DATABASE is mysql); expected a user name");
        }

        @Test
        void explicit() {
            var database =
                    settings(
                                    "DATABASE", "MySQL",
                                    "DB_URI", "db.internal",
                                    "DB_PORT", "3307",
                                    "DB_DATABASE", "bridge",
                                    "DB_USER", "b",
                                    "DB_PASSWORD", "p",
                                    "DB_POOL_SIZE", "20")
                            .database();
            assertThat(database)
                    .isEqualTo(
                            new DatabaseSettings.MySql(
                                    "db.internal", 3307, "bridge", "b", new Secret("p"), 20));
        }

        @Test
        void bad() {
            assertThat(faults("DATABASE", "postgres"))
                    .containsExactly(
                            "DATABASE does not fit, being 'postgres'; expected one of mysql, h2");
            assertThat(faults("DB_POOL_SIZE", "0", "DB_PORT", "-1", "DATABASE", "h2")).hasSize(1);
        }
    }

    @Nested
    class Provider {
        @Test
        void localIsSaidByTheFirstBridgesKeyToo() {
            var values = Samples.wholeWith("LOCAL_CONTAINER", "true", "DATA_DIR", "/d");
            values.remove("PROVIDER");
            assertThat(Config.read(values))
                    .isInstanceOfSatisfying(
                            Configuration.Ready.class,
                            ready ->
                                    assertThat(ready.settings().provider())
                                            .isEqualTo(
                                                    new ProviderSettings.Local(
                                                            Path.of("/d"), 8000)));
        }

        @Test
        void itHasToBeSaid() {
            var values = Samples.wholeWith("LOCAL_CONTAINER", "false");
            values.remove("PROVIDER");
            assertThat(faultsOf(values))
                    .containsExactly(
                            "PROVIDER is missing (where do containers run?); expected one of local,"
                                    + " docker, fargate");
        }

        @Test
        void dockerHasAnEngineAndAMark() {
            var usual = (ProviderSettings.Docker) settings("PROVIDER", "docker").provider();
            assertThat(usual.host()).hasToString("unix:///var/run/docker.sock");
            assertThat(usual.installation()).matches("[0-9a-f]{16}");
            assertThat(usual.subnet()).isEmpty();
            assertThat(
                            settings(
                                            "PROVIDER", "docker",
                                            "DOCKER_HOST", "tcp://10.0.0.7:2375",
                                            "INSTALLATION_NAME", "Mine_1",
                                            "DOCKER_SUBNET", "10.20.0.0/20",
                                            "DOCKER_HELPER_IMAGE", "registry.example/base:1")
                                    .provider())
                    .isEqualTo(
                            new ProviderSettings.Docker(
                                    URI.create("tcp://10.0.0.7:2375"),
                                    "Mine_1",
                                    "registry.example/base:1",
                                    Optional.of("10.20.0.0/20"),
                                    8000));
            assertThat(
                            faults(
                                    "PROVIDER", "docker",
                                    "DOCKER_HOST", "/var/run/docker.sock",
                                    "DOCKER_SUBNET", "10.20.0.0"))
                    .hasSize(2);
        }

        @Test
        void explicitAndBad() {
            assertThat(settings("DATA_DIR", "/d", "AGENT_PORT", "9000").provider())
                    .isEqualTo(new ProviderSettings.Local(Path.of("/d"), 9000));
            assertThat(faults("AGENT_PORT", "0", "PROVIDER", "moon")).hasSize(2);
        }
    }

    @Nested
    class LaunchesAndFleet {
        @Test
        void defaults() {
            var launch = settings().launch();
            assertThat(launch.patience()).isEqualTo(Duration.ofMinutes(2));
            assertThat(launch.mostPerUser()).isEqualTo(5);
            assertThat(launch.mostWaitingPerUser()).isEqualTo(100);
            assertThat(launch.pollEvery()).isEqualTo(Duration.ofMillis(100));
            var fleet = settings().fleet();
            assertThat(fleet.leaseTtl()).isEqualTo(Duration.ofSeconds(10));
            assertThat(fleet.startDeadline()).isEqualTo(Duration.ofMinutes(5));
            assertThat(fleet.launchDeadline()).isEqualTo(Duration.ofMinutes(10));
        }

        @Test
        void explicit() {
            var all =
                    settings(
                            "PATIENCE", "PT30S",
                            "LAUNCH_DEADLINE", "1h",
                            "CONTAINER_START_DEADLINE", "90s",
                            "MAX_CONTAINERS_PER_USER", "1",
                            "MAX_WAITING_PER_USER", "2",
                            "POLL_INTERVAL", "250ms",
                            "BRIDGE_NAME", "left",
                            "LEASE_TTL", "2m",
                            "CONTAINER_POLL_INTERVAL", "1s",
                            "SURPLUS_KEPT_FOR", "5m",
                            "CONTAINER_START_LIMIT", "2h");
            assertThat(all.launch().patience()).isEqualTo(Duration.ofSeconds(30));
            assertThat(all.launch().mostPerUser()).isEqualTo(1);
            assertThat(all.launch().mostWaitingPerUser()).isEqualTo(2);
            assertThat(all.launch().pollEvery()).isEqualTo(Duration.ofMillis(250));
            assertThat(all.fleet())
                    .isEqualTo(
                            new FleetSettings(
                                    "left",
                                    Duration.ofMinutes(2),
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(90),
                                    Duration.ofHours(1),
                                    Duration.ofHours(2),
                                    Duration.ofMinutes(5)));
        }

        @Test
        void twoBridgesOfOneHostHaveTwoNames() {
            assertThat(settings("PORT", "8081").fleet().holder())
                    .isNotEqualTo(settings("PORT", "8082").fleet().holder());
        }

        @Test
        void bad() {
            for (var bad : List.of("0s", "-5s", "30", "2 m", "forever", "PT", "3650d")) {
                assertThat(faults("PATIENCE", bad)).as(bad).hasSize(1);
            }
            assertThat(faults("MAX_CONTAINERS_PER_USER", "0", "LEASE_TTL", "1ms")).hasSize(2);
        }
    }

    @Test
    void debugIsOffUnlessAskedFor() {
        assertThat(settings().debug()).isFalse();
        assertThat(settings("DEBUG", "1").debug()).isTrue();
        assertThat(faults("DEBUG", "perhaps")).hasSize(1);
    }
}
