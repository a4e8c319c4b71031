package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code bridge ssh} where only the gateway leads to the container: the whole way, for real. */
@Timeout(120)
class GatewayShellTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir private static Path folder;
    private static BridgeProcess bridge;
    private static UserOfTheApi owner;
    private static UserOfTheApi.Answer launched;
    private static List<String> trusting;

    @BeforeAll
    static void up() throws Exception {
        bridge = BridgeProcess.upWithGateway(folder.resolve("data"));
        owner = UserOfTheApi.of(bridge, "7");
        launched = owner.launch();
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        trusting = trusting(URI.create(launched.text("proxy_url")).getHost());
    }

    @AfterAll
    static void end() {
        bridge.close();
    }

    /**
     * What a browser does by itself with hosts below localhost, and what a real certificate gives.
     */
    private static List<String> trusting(String host) throws Exception {
        var hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + host + "\n");
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        try (var files = Files.walk(folder.resolve("data"))) {
            var file = files.filter(f -> f.toString().endsWith(".crt")).findFirst().orElseThrow();
            try (var in = Files.newInputStream(file)) {
                trusted.setCertificateEntry(
                        "gateway", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
        }
        var store = folder.resolve("trusted.p12");
        try (var out = Files.newOutputStream(store)) {
            trusted.store(out, PASSWORD);
        }
        return List.of(
                "-Djdk.net.hosts.file=" + hosts,
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=" + new String(PASSWORD));
    }

    private static BridgeProcess.End ssh(List<String> options, String typed, String... more)
            throws Exception {
        var arguments = new ArrayList<>(List.of("ssh", "--url", bridge.url().toString()));
        arguments.addAll(List.of(more));
        return BridgeProcess.typing(
                folder.resolve("data"),
                typed,
                options,
                Map.of("BRIDGE_TOKEN", owner.token()),
                arguments.toArray(String[]::new));
    }

    @Test
    void aShellComesThroughTheGateway() throws Exception {
        var done = ssh(trusting, "echo $((6 * 7)); exit\n", "--gateway");

        assertThat(done.status()).as(done.err()).isZero();
        assertThat(done.out()).contains("42");
    }

    @Test
    void whereTheGatewayIsNotTrustedThereIsNoTerminal() throws Exception {
        var done = ssh(List.of(trusting.getFirst()), "exit\n", "--gateway");

        assertThat(done.status()).isEqualTo(255);
        assertThat(done.err())
                .contains("no terminal through the gateway at", "certificat")
                .hasLineCount(1);
    }
}
