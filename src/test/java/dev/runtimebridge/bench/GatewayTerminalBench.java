package dev.runtimebridge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.testing.TestGateway;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A terminal's echo through the gateway beside the same directly: the same user, agent and client,
 * by turns, on {@code ./bridge up}.
 */
public final class GatewayTerminalBench {
    private static final int IMAGE = 1;
    private static final int AGENT_PORT = 8000;
    private static final int ROUND_TRIPS = 2_000;

    /** Until an agent's JVM has compiled an echo's way. */
    private static final int WARM_UPS = 8;

    private static final int RUNS = 5;

    private GatewayTerminalBench() {}

    public static void main(String[] arguments) throws Exception {
        int port = TestGateway.freePort();
        try (var bridge = RealBridge.upWithGateway(port);
                var users = bridge.users()) {
            var launched = users.launch("7", IMAGE);
            var agent = launched.ip() + ":" + AGENT_PORT;
            var path = "/" + launched.ip() + "/" + AGENT_PORT + "/socket.io/";
            var token = users.token("7");
            try (var through = new Terminal("https://runtime.localhost:" + port, path, token);
                    var direct = new Terminal("http://" + agent, "/socket.io/", token)) {
                compare(through, direct);
            }
        }
    }

    private static void compare(Terminal through, Terminal direct) throws IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            System.out.printf(
                    "warming up: %.3f ms through the gateway, %.3f ms directly%n",
                    through.echoMillis(), direct.echoMillis());
        }
        var ours = new ArrayList<Double>();
        var beside = new ArrayList<Double>();
        for (int run = 0; run < RUNS; run++) {
            ours.add(through.echoMillis());
            beside.add(direct.echoMillis());
        }
        new Measure(
                        "gateway",
                        "terminal, echo p50",
                        Result.median(ours),
                        Result.median(beside),
                        "ms",
                        "<= 1x + 0.1",
                        "h2",
                        "local")
                .print();
    }

    /** A socket.io client with a shell, in node. */
    private static final class Terminal implements AutoCloseable {
        private static final JsonMapper JSON = new JsonMapper();

        private final Process node;
        private final BufferedWriter orders;
        private final BufferedReader answers;

        Terminal(String server, String path, String token) throws IOException {
            var builder =
                    new ProcessBuilder(
                                    Command.first(
                                            List.of(
                                                    "runtime-agent/src/test/js/in-node",
                                                    "bench.js",
                                                    server,
                                                    path)))
                            .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("TOKEN", token);
            node = builder.start();
            orders = node.outputWriter(StandardCharsets.UTF_8);
            answers = node.inputReader(StandardCharsets.UTF_8);
            ask("prompt");
        }

        /** The median of many round trips of a character. */
        double echoMillis() throws IOException {
            var times = JSON.readTree(ask("echo " + ROUND_TRIPS)).get("times");
            return Result.median(times.valueStream().map(JsonNode::asDouble).toList());
        }

        private String ask(String order) throws IOException {
            orders.write(order + "\n");
            orders.flush();
            var answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("no answer to " + order);
            }
            return answer;
        }

        @Override
        public void close() {
            node.destroy();
        }
    }
}
