package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.testing.RawHttps;
import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real NGINX with our configuration, between callers, a bridge that a test scripts, and a server.
 */
abstract class GatewayFixture {
    static final String ID = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    static final String BEARER = "Authorization: Bearer sentinel-token-of-a-user";
    static final String COOKIE = "Cookie: a=1; __Host-runtime-bridge=sentinel-session; b=2";
    static final String[] WEBSOCKET = {"Connection: upgrade", "Upgrade: websocket"};

    @TempDir private static Path shared;
    private static ScriptedBridge sharedBridge;
    private static EchoServer sharedServer;
    private static TestGateway sharedGateway;

    /** What a gateway remembers of one test is about a container that no other test has. */
    final String id = new Ids(new SecureRandom()).draw();

    @TempDir Path folder;
    ScriptedBridge bridge = sharedBridge;
    EchoServer server = sharedServer;
    TestGateway gateway = sharedGateway;

    @BeforeAll
    static void startShared() throws Exception {
        sharedBridge = new ScriptedBridge();
        sharedServer = new EchoServer("127.0.0.1");
        sharedGateway = TestGateway.start(shared, List.of(sharedBridge.place()));
    }

    @AfterAll
    static void stopShared() throws IOException {
        sharedGateway.close();
        sharedServer.close();
        sharedBridge.close();
    }

    @BeforeEach
    void forget() {
        bridge.asked.clear();
        server.accepted.set(0);
    }

    @AfterEach
    void stop() throws IOException {
        if (gateway != sharedGateway) {
            gateway.close();
            server.close();
            bridge.close();
        }
    }

    /** For tests that break something. */
    void startAfresh() throws Exception {
        startAfresh(List.of());
    }

    /**
     * @param proxies networks of what stands before it
     */
    void startAfresh(List<String> proxies) throws Exception {
        bridge = new ScriptedBridge();
        server = new EchoServer("127.0.0.1");
        gateway = TestGateway.start(folder, List.of(bridge.place()), proxies);
    }

    String host(int port) {
        return port + "-" + id;
    }

    void allowAll() {
        bridge.script = asked -> allow(server.place(), id, false);
    }

    /** Sends the head of an owner's request on a connection. */
    void send(RawHttps connection, String requestLine, String... headers) throws IOException {
        connection.send(
                requestLine
                        + " HTTP/1.1\r\nHost: "
                        + host(8000)
                        + ".localhost\r\n"
                        + BEARER
                        + "\r\n"
                        + String.join("", Stream.of(headers).map(line -> line + "\r\n").toList())
                        + "\r\n");
    }

    /** Makes a connection a socket of the owner's. */
    void open(RawHttps connection) throws IOException {
        send(connection, "GET /", WEBSOCKET);
        assertThat(connection.answer(true).status()).isEqualTo(101);
    }
}
