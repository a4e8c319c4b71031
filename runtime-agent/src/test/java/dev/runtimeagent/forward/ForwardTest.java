package dev.runtimeagent.forward;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runtimeagent.FakeBridge;
import dev.runtimeagent.RunningAgent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Requests for other ports, at a real agent before a server that a test plays. */
@Timeout(30)
class ForwardTest {
    @TempDir private Path folder;
    private final FakeBridge bridge = new FakeBridge();
    private RunningAgent agent;
    private ServerSocket server;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        agent = new RunningAgent(bridge, folder);
        server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (true) {
                                    accepted.add(server.accept());
                                }
                            } catch (IOException e) {
                                return; // closed
                            }
                        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        agent.close();
        bridge.close();
    }

    private Socket send(String text) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), agent.port());
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return socket;
    }

    private String request(String assertion, String rest) {
        return "GET /a?b HTTP/1.1\r\nX-Bridge-Forward: " + assertion + "\r\n" + rest;
    }

    private static String read(Socket from, int length) throws IOException {
        return new String(from.getInputStream().readNBytes(length), ISO_8859_1);
    }

    @Test
    void bytesGoBothWaysUntilBothAreDone() throws Exception {
        var rest = "Host: 3000-x.localhost\r\nUpgrade: websocket\r\n\r\n";
        try (var gateway = send(request(bridge.assertion(server.getLocalPort()), rest))) {
            var there = accepted.take();
            var expected = "GET /a?b HTTP/1.1\r\n" + rest;
            assertThat(read(there, expected.length())).isEqualTo(expected);

            var large = "x".repeat(1 << 20);
            Thread.ofVirtual().start(() -> write(there, large));
            assertThat(read(gateway, large.length())).isEqualTo(large);
            Thread.ofVirtual().start(() -> write(gateway, large));
            assertThat(read(there, large.length())).isEqualTo(large);

            gateway.shutdownOutput();
            assertThat(there.getInputStream().read()).isEqualTo(-1);
            there.getOutputStream().write("last words".getBytes(ISO_8859_1));
            there.close();
            assertThat(read(gateway, 100)).isEqualTo("last words");
        }
    }

    private static void write(Socket to, String text) {
        try {
            to.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whenTheServerEndsTheGatewaysConnectionDoes() throws Exception {
        try (var gateway = send(request(bridge.assertion(server.getLocalPort()), "\r\n"))) {
            accepted.take().close();
            assertThat(gateway.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void withoutAServerThereIsNoAnswer() throws Exception {
        int port = server.getLocalPort();
        server.close();
        try (var gateway = send(request(bridge.assertion(port), "\r\n"))) {
            assertThat(gateway.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void withoutAnAssertionThatHoldsNobodyIsConnectedTo() throws Exception {
        var good = bridge.assertion(server.getLocalPort());
        for (var bad :
                new String[] {
                    "", "a.b.c", bridge.proof(), good.substring(0, 300), bridge.assertion(0)
                }) {
            try (var gateway = send(request(bad, "\r\n"))) {
                assertThat(read(gateway, 12)).isEqualTo("HTTP/1.1 403");
            }
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void anAssertionIsNoProofOfTheBridge() throws Exception {
        assertThat(agent.init(bridge.assertion(8000), "key").statusCode()).isEqualTo(401);
    }

    @Test
    void ordinaryRequestsGoOnAsBeforeHoweverSlowlyTheyBegin() throws Exception {
        assertThat(agent.get("/ping").statusCode()).isEqualTo(200);
        try (var slow = send("GET /pi")) {
            slow.getOutputStream().write("ng HTTP/1.1\r\nHo".getBytes(ISO_8859_1));
            slow.getOutputStream().write("st: a\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(read(slow, 12)).isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void whereNobodyCanTellWhatIsWhoseNothingIsForwarded() throws Exception {
        agent.close();
        var environment = bridge.environment(folder);
        environment.put("AGENT_NETWORK", "unknown");
        agent = new RunningAgent(environment);
        try (var gateway =
                send(request(bridge.assertion(server.getLocalPort()), "Host: a\r\n\r\n"))) {
            assertThat(read(gateway, 12)).isEqualTo("HTTP/1.1 404");
        }
        assertThat(accepted).isEmpty();
    }
}
