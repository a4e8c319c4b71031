package dev.runtimeagent.bench;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimeagent.FakeBridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long an agent takes on one core from the start of its process to its first pong,
 * which is asked for when it calls home. Prints the median of a few starts as {@code ./bridge
 * bench} reads it. To be started in the module's folder, like {@link TerminalBench}.
 */
public final class StartBench {
    private static final int STARTS = 5;
    private static final int MOST_MILLIS = 700;

    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        var times = new ArrayList<Double>();
        start(); // files come from the disk once
        for (int i = 0; i < STARTS; i++) {
            times.add(start());
        }
        times.sort(Comparator.naturalOrder());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "agent");
        line.put("measure", "start to first pong, one core");
        line.put("ours", times.get(times.size() / 2));
        line.put("unit", "ms");
        line.put("mark", "<= " + MOST_MILLIS);
        System.out.println(new ObjectMapper().writeValueAsString(line));
    }

    /** Milliseconds of one start in an empty folder. */
    private static double start() throws Exception {
        var folder = Files.createTempDirectory("start-bench");
        try (var bridge = new FakeBridge()) {
            int port = freePort();
            var builder =
                    new ProcessBuilder(
                                    "nice",
                                    "-n",
                                    "-10",
                                    "taskset",
                                    "-c",
                                    "0",
                                    Path.of("bin/run-agent").toAbsolutePath().toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("agent.log").toFile());
            var home = System.getProperty("bridge.home", "../target");
            builder.environment().putAll(bridge.environment(folder));
            builder.environment()
                    .put("AGENT_LIB", Path.of(home, "runtime-agent").toAbsolutePath().toString());
            builder.environment()
                    .put(
                            "AGENT_JAVA",
                            Path.of(System.getProperty("java.home"), "bin/java").toString());
            builder.environment().put("AGENT_PORT", Integer.toString(port));
            builder.environment().put("AGENT_SSH_PORT", Integer.toString(freePort()));
            long began = System.nanoTime();
            var agent = builder.start();
            try {
                bridge.nextCall();
                pong(port);
                return Math.round((System.nanoTime() - began) / 1e4) / 100.0;
            } catch (AssertionError e) {
                throw new IOException(Files.readString(folder.resolve("agent.log")), e);
            } finally {
                end(agent);
            }
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void pong(int port) throws IOException, InterruptedException {
        var ping = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ping")).build();
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(ping, BodyHandlers.ofString());
            if (!answer.body().contains("pong")) {
                throw new IOException("no pong: " + answer.body());
            }
        }
    }

    private static void end(Process agent) throws InterruptedException {
        var all = new ArrayList<>(List.of(agent.toHandle()));
        all.addAll(agent.descendants().toList());
        agent.destroy();
        if (!agent.waitFor(5, TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
