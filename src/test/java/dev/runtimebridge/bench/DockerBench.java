package dev.runtimebridge.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;

import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.testing.DockerDaemon;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Cold launches on Docker, on an engine of its own, beside {@code docker run} of the same image;
 * and what a container weighs.
 */
public final class DockerBench {
    private static final int IMAGE = 1;
    private static final String REFERENCE = "runtime-bridge/python";
    private static final String CORES_OF_IMAGE = "0.25";
    private static final int ROUNDS = 7;
    private static final int IDLE = 50;
    private static final int AGENT_PORT = 8000;
    private static final int LONGEST_MILLIS = 30_000;
    private static final double MEGABYTE = 1e6;

    private final DockerDaemon daemon = DockerDaemon.shared();
    private final String key = BridgeKey.generate(new SecureRandom()).forAgents();
    private int count;

    private DockerBench() {}

    public static void main(String[] arguments) throws Exception {
        new DockerBench().run();
    }

    private void run() throws Exception {
        daemon.images("python");
        daemon.docker("network", "create", "bench");
        try (var bridge = RealBridge.upOnDocker(daemon.host());
                var users = bridge.users()) {
            launch(users, "warm");
            plain(CORES_OF_IMAGE);
            var ours = new ArrayList<Double>();
            var beside = new ArrayList<Double>();
            for (int i = 0; i < ROUNDS; i++) {
                ours.add(launch(users, "user-" + i));
                var plain = plain(CORES_OF_IMAGE);
                beside.add(plain.banner() + plain.pong());
            }
            print(
                    "launch to a verified SSH login",
                    median(ours),
                    median(beside),
                    "ms",
                    "<= 1x + 300");
            weighIdle(users);
        }
        var starts = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            starts.add(plain("1").pong());
        }
        print("agent in the image at 1 CPU, start to pong", median(starts), null, "ms", "<= 700");
        weighAgent();
        daemon.docker("network", "rm", "bench");
    }

    /** Milliseconds from the request to the end of {@code true} in the container. */
    private static double launch(Launches users, String user) throws Exception {
        var begun = System.nanoTime();
        var launched = users.launch(user, IMAGE);
        var login = new JsonMapper().readTree(users.login(launched));
        var session =
                new JSch()
                        .getSession(
                                login.get("user").asText(),
                                login.get("host").asText(),
                                login.get("port").asInt());
        session.setPassword(login.get("password").asText().getBytes(StandardCharsets.UTF_8));
        session.setConfig("StrictHostKeyChecking", "no");
        session.connect(LONGEST_MILLIS);
        if (!login.get("host_key").asText().contains(session.getHostKey().getKey())) {
            throw new IllegalStateException("another host key than the bridge told");
        }
        var channel = (ChannelExec) session.openChannel("exec");
        channel.setCommand("echo in");
        var out = channel.getInputStream();
        channel.connect(LONGEST_MILLIS);
        if (!new String(out.readAllBytes(), StandardCharsets.UTF_8).equals("in\n")) {
            throw new IllegalStateException("the command did not run");
        }
        var took = (System.nanoTime() - begun) / 1e6;
        session.disconnect();
        users.stop(launched);
        return took;
    }

    /**
     * The engine's own way.
     *
     * @param banner milliseconds from {@code docker run} to sshd's greeting
     * @param pong milliseconds from the start of the container's process to the agent's pong
     */
    private record Plain(double banner, double pong) {}

    private Plain plain(String cores) throws Exception {
        var name = "bench-" + count++;
        var begun = System.nanoTime();
        daemon.docker(
                "run",
                "--detach",
                "--name",
                name,
                "--network",
                "bench",
                "--cpus",
                cores,
                "--memory",
                "512m",
                "--read-only",
                "--tmpfs",
                "/run",
                "--tmpfs",
                "/tmp",
                "--tmpfs",
                "/home",
                "--env",
                "AGENT_CONTAINER=" + name,
                "--env",
                "AGENT_BRIDGE_KEY=" + key,
                "--env",
                "AGENT_BRIDGE_URL=http://127.0.0.1:1",
                REFERENCE);
        var started = System.nanoTime();
        var ip =
                daemon.docker(
                                "inspect",
                                "--format",
                                "{{.NetworkSettings.Networks.bench.IPAddress}}",
                                name)
                        .strip();
        awaitBanner(ip);
        var greeted = System.nanoTime();
        awaitPong(ip);
        var ponged = System.nanoTime();
        daemon.docker("rm", "--force", name);
        return new Plain((greeted - begun) / 1e6, (ponged - started) / 1e6);
    }

    private static void awaitBanner(String ip) throws InterruptedException {
        while (true) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(ip, 22), LONGEST_MILLIS);
                if (socket.getInputStream().read() == 'S') {
                    return;
                }
            } catch (IOException e) {
                Thread.sleep(2);
            }
        }
    }

    private static void awaitPong(String ip) throws Exception {
        var ping = URI.create("http://" + ip + ":" + AGENT_PORT + "/ping").toURL();
        while (true) {
            try (var body = ping.openStream()) {
                body.readAllBytes();
                return;
            } catch (IOException e) {
                Thread.sleep(2);
            }
        }
    }

    /** What the machine has less of for each of many containers that do nothing. */
    private void weighIdle(Launches users) throws Exception {
        var before = available();
        var launched = new ArrayList<Launches.Answer>();
        for (int i = 0; i < IDLE; i += 10) {
            var names = new ArrayList<String>();
            for (int j = i; j < i + 10; j++) {
                names.add("idle-" + j);
            }
            launched.addAll(users.launchAll(names, IMAGE));
        }
        Thread.sleep(5_000);
        print(
                IDLE + " idle containers, each",
                (before - available()) / MEGABYTE / IDLE,
                null,
                "MB",
                "<= 130");
        print("agent, resident, idle", residentOfAgent(), null, "MB", "<= 110");
        for (var each : launched) {
            users.stop(each);
        }
    }

    private static double available() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private double residentOfAgent() {
        var container = daemon.docker("ps", "--quiet", "--filter", "ancestor=" + REFERENCE).lines();
        var said =
                daemon.docker(
                        "exec",
                        container.findFirst().orElseThrow(),
                        "sh",
                        "-c",
                        "grep VmRSS /proc/$(pgrep java)/status");
        return Double.parseDouble(said.replaceAll("\\D", "")) * 1024 / MEGABYTE;
    }

    /** What the agent and its Java add to an image, and how much of it travels. */
    private void weighAgent() throws Exception {
        var tar =
                new ProcessBuilder(
                                List.of(
                                        "docker",
                                        "--host",
                                        daemon.host().toString(),
                                        "run",
                                        "--rm",
                                        "--network",
                                        "none",
                                        "--entrypoint",
                                        "tar",
                                        REFERENCE,
                                        "-C",
                                        "/",
                                        "-cf",
                                        "-",
                                        "opt/runtime-agent",
                                        "usr/lib/runtime-java"))
                        .start();
        var bytes = new Counted();
        var compressed = new Counted();
        try (var out = new GZIPOutputStream(compressed)) {
            var buffer = new byte[1 << 16];
            for (int n = tar.getInputStream().read(buffer);
                    n >= 0;
                    n = tar.getInputStream().read(buffer)) {
                bytes.write(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        if (tar.waitFor() != 0) {
            throw new IllegalStateException("tar failed");
        }
        print("agent and Java in an image", bytes.count / MEGABYTE, null, "MB", "<= 120");
        print("the same, compressed", compressed.count / MEGABYTE, null, "MB", "<= 60");
    }

    private static final class Counted extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }

    private static double median(List<Double> times) {
        System.out.println(times);
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }

    private static void print(
            String measure, double ours, Double beside, String unit, String mark) {
        new Measure("docker", measure, ours, beside, unit, mark, "h2", "docker").print();
    }
}
