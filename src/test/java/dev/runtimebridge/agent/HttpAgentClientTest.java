package dev.runtimebridge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.sun.net.httpserver.HttpServer;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

@Timeout(30)
class HttpAgentClientTest {
    private static final Duration LIMIT = Duration.ofMillis(400);
    private static final ContainerRef REF = new ContainerRef("local-1");
    private static final Secret KEY = new Secret("api-key-of-the-test");
    private static final BridgeKey BRIDGE = BridgeKey.generate(new SecureRandom());

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private HttpAgentClient client;
    private Address address;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        address = new Address("127.0.0.1", server.getAddress().getPort());
        var proof = new BridgeProof(BRIDGE.privateKey(), InstantSource.system());
        client = new HttpAgentClient(proof, LIMIT, LIMIT, false);
        client.warmUp();
    }

    @AfterEach
    void stop() {
        over.countDown();
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(String path, int status, String body) {
        server.createContext(
                path,
                exchange -> {
                    var bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    try (var out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
    }

    @Test
    void anAgentOfTheFirstBridgeIsBelievedItsPong() {
        answer("/ping", 200, "{\"ping\":\"pong\",\"init\":false,\"key_status\":false}");
        client.ping(REF, address);
    }

    @Test
    void anotherContainersAgentIsNotTakenForOurs() {
        answer("/ping", 200, "{\"ping\":\"pong\",\"container\":\"local-2\"}");
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.ping(REF, address))
                .withMessageContaining("another container's");
    }

    @Test
    void whereAllAgentsAreOursOneThatDoesNotNameItsContainerIsSomebodyElse() throws Exception {
        answer("/ping", 200, "{\"ping\":\"pong\"}");
        var proof = new BridgeProof(BRIDGE.privateKey(), InstantSource.system());
        try (var strict = new HttpAgentClient(proof, LIMIT, LIMIT, true)) {
            assertThatExceptionOfType(AgentException.class)
                    .isThrownBy(() -> strict.ping(REF, address));
        }
    }

    @Test
    void credentialsThatFitNoColumnAreRefused() {
        answer(
                "/init",
                200,
                "{\"username\":\""
                        + "u".repeat(65)
                        + "\",\"auth_type\":\"password\",\"auth\":\"p\"}");
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.init(REF, address, KEY))
                .matches(e -> !e.repeatable());
    }

    @Test
    void initCarriesAProofThatNamesTheContainerAndBringsTheCredentials() {
        var proof = new AtomicReference<String>();
        var body = new AtomicReference<String>();
        server.createContext(
                "/init",
                exchange -> {
                    proof.set(exchange.getRequestHeaders().getFirst("X-Bridge-Proof"));
                    body.set(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    var bytes =
                            """
                            {"username":"together","auth_type":"password","auth":"s3cret","ssh_port":2222,"host_key":"ssh-ed25519 AAAA"}
                            """
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        var credentials = client.init(REF, address, KEY);
        assertThat(credentials.user()).isEqualTo("together");
        assertThat(credentials.auth().reveal()).isEqualTo("s3cret");
        assertThat(credentials.port()).isEqualTo(2222);
        assertThat(credentials.toString()).doesNotContain("s3cret");
        assertThat(body.get()).isEqualTo("{\"api_key\":\"api-key-of-the-test\"}");
        var verified =
                JWT.require(Algorithm.RSA256(BRIDGE.publicKey(), null))
                        .withIssuer("runtime-bridge")
                        .withAudience(REF.value())
                        .build()
                        .verify(proof.get());
        assertThat(verified.getExpiresAtAsInstant()).isNotNull();
    }

    @Test
    void anOlderAgentThatDoesNotSayItsSshPortIsAskedAtTheUsualOne() {
        answer("/init", 200, "{\"username\":\"u\",\"auth_type\":\"password\",\"auth\":\"p\"}");
        assertThat(client.init(REF, address, KEY).port()).isEqualTo(22);
    }

    @Test
    void anAgentThatSomebodyElseInitialisedIsGivenUp() {
        answer("/init", 400, "{\"error\":\"already\"}");
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.init(REF, address, KEY))
                .matches(e -> !e.repeatable())
                .withMessageContaining("by somebody else");
    }

    @Test
    void anAgentWithAFaultOfItsOwnIsAskedAgain() {
        answer("/init", 500, "oops");
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.init(REF, address, KEY))
                .matches(AgentException::repeatable);
    }

    @Test
    void whatIsNotJsonIsNoAnswer() {
        answer("/ping", 200, "<html>pong</html>");
        answer("/init", 200, "<html>hello</html>");
        assertThatExceptionOfType(AgentException.class).isThrownBy(() -> client.ping(REF, address));
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.init(REF, address, KEY));
    }

    @Test
    void aRedirectIsNotFollowed() {
        var followed = new AtomicInteger();
        server.createContext(
                "/ping",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                });
        server.createContext(
                "/elsewhere",
                exchange -> {
                    followed.incrementAndGet();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.ping(REF, address))
                .withMessageContaining("302");
        assertThat(followed).hasValue(0);
    }

    @Test
    void aGigabyteIsNotReadToItsEnd() {
        var written = new AtomicInteger();
        server.createContext(
                "/ping",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var block = new byte[64 * 1024];
                    try (var out = exchange.getResponseBody()) {
                        for (int i = 0; i < 16 * 1024; i++) {
                            out.write(block);
                            written.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // The client hung up, as it should.
                    }
                });
        assertThatExceptionOfType(AgentException.class).isThrownBy(() -> client.ping(REF, address));
        assertThat(written.get()).isLessThan(1024);
    }

    @Test
    void anAgentThatDripsIsGivenUpInTime() {
        server.createContext(
                "/ping",
                exchange -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        var before = System.nanoTime();
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.ping(REF, address))
                .withMessageContaining("within 400 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LIMIT.multipliedBy(8));
    }

    @Test
    void nobodyAtTheAddressIsOneLineAndMayHelpLater() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> client.ping(REF, new Address("127.0.0.1", free)))
                .matches(AgentException::repeatable)
                .matches(e -> !e.why().contains("\n"));
    }
}
