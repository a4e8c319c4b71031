package dev.runtimeagent.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimeagent.FakeBridge;
import dev.runtimeagent.terminal.NodeClient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures the terminal of a real agent process through socket.io-client, beside the OpenSSH client
 * to the same SSH server, in interleaved runs, and prints one line of JSON per measure. Ends with
 * status 1 when a mark is missed.
 *
 * <p>To be started in the module's folder, after {@code package}, by the JDK that the agent is to
 * run on: {@code java -cp target/.../test-classes:target/.../classes:target/.../lib/*
 * dev.runtimeagent.bench.TerminalBench [runs]}.
 */
public final class TerminalBench implements AutoCloseable {
    private static final int RUNS = 5;
    private static final int ROUND_TRIPS = 2000;

    /** Until a JVM has compiled an echo's way; a flood passes often enough in one. */
    private static final int WARM_UPS = 10;

    private static final int FLOOD_BYTES = 100_000_000;
    private static final int COLUMNS = 100;
    private static final String TOKEN = "the owner's token";

    private final ObjectMapper json = new ObjectMapper();
    private final Path folder;
    private final FakeBridge bridge = new FakeBridge();
    private final List<Process> processes = new ArrayList<>();
    private final Process agent;
    private final int port;
    private final int sshPort;
    private boolean allMet = true;

    private TerminalBench(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        port = freePort();
        sshPort = freePort();
        agent = startAgent();
    }

    public static void main(String[] arguments) throws Exception {
        var runs = arguments.length == 0 ? RUNS : Integer.parseInt(arguments[0]);
        var folder = Files.createTempDirectory("terminal-bench");
        var allMet = false;
        try (var bench = new TerminalBench(folder)) {
            bench.run(runs);
            allMet = bench.allMet;
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
        // Missed marks are the report's to judge where there is one.
        System.exit(allMet || System.getProperty("bridge.home") != null ? 0 : 1);
    }

    private void run(int runs) throws IOException, InterruptedException {
        initialise();
        report("agent idle after init, resident", residentMegabytes(), "MB", 110);
        var line = "0123456789".repeat(COLUMNS / 10).substring(0, COLUMNS - 1) + "\n";
        Files.writeString(
                folder.resolve("home/workspace/lines"), line.repeat(FLOOD_BYTES / COLUMNS));
        var ours = new Probe(oursCommand(), Map.of("TOKEN", TOKEN));
        var beside = new Probe(besideCommand(), askpass());
        for (var probe : List.of(ours, beside)) {
            probe.ask("prompt");
            probe.ask("flood cat lines");
            for (var run = 0; run < WARM_UPS; run++) {
                probe.ask("echo " + ROUND_TRIPS);
            }
        }
        var figures = new Figures();
        for (var run = 0; run < runs; run++) {
            for (var probe : run % 2 == 0 ? List.of(ours, beside) : List.of(beside, ours)) {
                var times = times(probe.ask("echo " + ROUND_TRIPS));
                var mine = probe == ours;
                figures.add(mine, "p50", times[times.length / 2]);
                figures.add(mine, "p99", times[times.length * 99 / 100]);
                var flood = probe.ask("flood cat lines");
                figures.add(
                        mine,
                        "rate",
                        flood.get("bytes").asDouble() / flood.get("seconds").asDouble() / 1e6);
                if (mine) {
                    figures.add(true, "busy", residentMegabytes());
                    figures.add(true, "interrupt", ours.ask("interrupt yes").get("ms").asDouble());
                }
            }
        }
        reportAll(figures);
    }

    private void reportAll(Figures figures) throws IOException {
        compare("echo p50", figures, "p50", "ms", 1.25, 0);
        compare("echo p99", figures, "p99", "ms", 1, 1);
        var rate = figures.ours("rate");
        var besideRate = figures.beside("rate");
        report(
                "cat of 100 MB in lines of 100 columns",
                rate,
                besideRate,
                "MB/s",
                ">= 0.8x",
                rate >= 0.8 * besideRate);
        report("Ctrl-C in a flood until the prompt", figures.ours("interrupt"), "ms", 100);
        report("agent with a busy terminal, resident", figures.ours("busy"), "MB", 180);
    }

    /** At most so many times what stands beside it, and so much more. */
    private void compare(
            String measure, Figures figures, String name, String unit, double factor, int more)
            throws IOException {
        var ours = figures.ours(name);
        var beside = figures.beside(name);
        var times = factor == Math.rint(factor) ? "" + (int) factor : "" + factor;
        var mark = "<= " + times + "x" + (more == 0 ? "" : " + " + more);
        report(measure, ours, beside, unit, mark, ours <= factor * beside + more);
    }

    private void report(String measure, double ours, String unit, int most) throws IOException {
        report(measure, ours, Double.NaN, unit, "<= " + most, ours <= most);
    }

    /** A line as {@code ./bridge bench} reads it. */
    private void report(
            String measure, double ours, double beside, String unit, String mark, boolean met)
            throws IOException {
        allMet &= met;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "terminal");
        line.put("measure", measure);
        line.put("ours", rounded(ours));
        line.put("beside", Double.isNaN(beside) ? null : rounded(beside));
        line.put("unit", unit);
        line.put("mark", mark);
        line.put("met", met);
        System.out.println(json.writeValueAsString(line));
    }

    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }

    private Process startAgent() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var words = new ArrayList<>(List.of(java));
        words.addAll(flags());
        var home = System.getProperty("bridge.home", "../target");
        var built = Path.of(home, "runtime-agent");
        var cache = built.resolve("agent.aot");
        if (Files.exists(cache)) {
            words.add("-XX:AOTCache=" + cache);
        }
        words.addAll(List.of("-jar", built.resolve("runtime-agent.jar").toString()));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("agent.log").toFile());
        builder.environment().putAll(bridge.environment(folder));
        builder.environment().put("AGENT_PORT", Integer.toString(port));
        builder.environment().put("AGENT_SSH_PORT", Integer.toString(sshPort));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        var process = builder.start();
        processes.add(process);
        return process;
    }

    /** Those of bin/run-agent. */
    private static List<String> flags() throws IOException {
        var text = Files.readString(Path.of("bin/jvm-flags"));
        var quoted = text.substring(text.indexOf('"') + 1, text.lastIndexOf('"'));
        return Arrays.asList(quoted.strip().split("\\s+"));
    }

    private void initialise() throws IOException, InterruptedException {
        var at = URI.create("http://127.0.0.1:" + port + "/init");
        var init =
                HttpRequest.newBuilder(at)
                        .header("Content-Type", "application/json")
                        .header("X-Bridge-Proof", bridge.proof())
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        json.writeValueAsString(
                                                Map.of("api_key", FakeBridge.API_KEY))))
                        .build();
        awaitReady();
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(init, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("init: " + answer.body());
            }
            var login = json.readTree(answer.body());
            bridge.credentials(
                    "127.0.0.1",
                    sshPort,
                    login.get("username").asText(),
                    login.get("auth").asText(),
                    login.get("host_key").asText());
            bridge.know(TOKEN, "7", true);
            Files.writeString(
                    folder.resolve("known_hosts"),
                    "[127.0.0.1]:" + sshPort + " " + login.get("host_key").asText() + "\n");
            var ownerOnly =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"));
            Files.writeString(
                    Files.createFile(folder.resolve("askpass"), ownerOnly),
                    "#!/bin/sh\necho '" + login.get("auth").asText() + "'\n");
        }
    }

    /** The agent calls the bridge when it answers. */
    private void awaitReady() throws InterruptedException, IOException {
        try {
            bridge.nextCall();
        } catch (AssertionError e) {
            throw new ConnectException(Files.readString(folder.resolve("agent.log")));
        }
    }

    private List<String> oursCommand() {
        return NodeClient.inNode("bench.js", "http://127.0.0.1:" + port);
    }

    private List<String> besideCommand() throws IOException {
        var ssh =
                List.of(
                        "ssh",
                        "-tt",
                        "-e",
                        "none",
                        "-F",
                        "/dev/null",
                        "-p",
                        Integer.toString(sshPort),
                        "-o",
                        "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                        "-o",
                        "PreferredAuthentications=password",
                        "together@127.0.0.1");
        return NodeClient.inNode("beside.js", json.writeValueAsString(ssh));
    }

    private Map<String, String> askpass() {
        return Map.of(
                "SSH_ASKPASS",
                folder.resolve("askpass").toString(),
                "SSH_ASKPASS_REQUIRE",
                "force");
    }

    private double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static double[] times(JsonNode answer) {
        var times = new ArrayList<Double>();
        answer.get("times").forEach(time -> times.add(time.asDouble()));
        return times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (var process : processes.reversed()) {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        bridge.close();
    }

    /** One client under measurement. */
    private final class Probe {
        private final Process process;
        private final BufferedReader answers;

        Probe(List<String> command, Map<String, String> environment) throws IOException {
            var builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            process = builder.start();
            processes.add(process);
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        JsonNode ask(String order) {
            try {
                var orders = process.outputWriter(StandardCharsets.UTF_8);
                orders.write(order + "\n");
                orders.flush();
                var answer = answers.readLine();
                if (answer == null) {
                    throw new IllegalStateException("no answer to " + order);
                }
                return json.readTree(answer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Figures by name; what is told of them is the median. */
    private static final class Figures {
        private final Map<String, List<Double>> all = new LinkedHashMap<>();

        void add(boolean ours, String name, double figure) {
            all.computeIfAbsent(ours + name, unused -> new ArrayList<>()).add(figure);
        }

        double ours(String name) {
            return median(all.get(true + name));
        }

        double beside(String name) {
            return median(all.get(false + name));
        }

        private static double median(List<Double> figures) {
            return figures.stream().sorted().toList().get(figures.size() / 2);
        }
    }
}
