package dev.runtimebridge.gateway;

import dev.runtimebridge.bench.Measure;
import dev.runtimebridge.testing.TestGateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The authorised route beside a plain {@code proxy_pass} with kept connections: the same NGINX, one
 * worker each, the same TLS, access log and requests, to the same 50 servers. The plain one knows
 * its servers beforehand, looks at no credential and adds no headers. A bridge that says yes at
 * once answers the gateway's questions.
 */
public final class GatewayBench {
    private static final int SERVERS = 50;
    private static final int[] CONNECTIONS = {1, 32, 256};
    private static final int MANY = 256;
    private static final int WARM_SECONDS = 1;
    private static final int MEASURED_SECONDS = 2;
    private static final Pattern PER_SECOND = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern MEDIAN = Pattern.compile("50%\\s+([0-9.]+)(us|ms)");

    private final Path script;

    private GatewayBench(Path script) {
        this.script = script;
    }

    /** What {@code wrk} tells of one run. */
    private record Run(double perSecond, double medianMicros) {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("gateway-bench");
        int serverPort = TestGateway.freePort();
        int plainPort = TestGateway.freePort();
        try (var bridge = new ScriptedBridge();
                var servers = Nginx.start(folder.resolve("servers"), servers(serverPort))) {
            bridge.script = asked -> allow(asked, serverPort);
            try (var gateway =
                            TestGateway.start(folder.resolve("gateway"), List.of(bridge.place()));
                    var plain =
                            Nginx.start(
                                    folder.resolve("plain"),
                                    plain(folder, plainPort, serverPort))) {
                servers.requireAlive();
                plain.requireAlive();
                new GatewayBench(writeScript(folder)).compare(gateway.port(), plainPort);
            }
        } finally {
            delete(folder);
        }
    }

    private void compare(int gateway, int plain) throws Exception {
        run(gateway, MANY, WARM_SECONDS);
        run(plain, MANY, WARM_SECONDS);
        for (int connections : CONNECTIONS) {
            var beside = run(plain, connections, MEASURED_SECONDS);
            var ours = run(gateway, connections, MEASURED_SECONDS);
            print(
                    "authorised route, connections: " + connections,
                    ours.perSecond,
                    beside.perSecond,
                    "req/s",
                    connections == MANY ? ">= 0.75x" : ">= 0.9x");
            if (connections == 1) {
                print(
                        "authorised route, p50 at 1 connection",
                        ours.medianMicros,
                        beside.medianMicros,
                        "µs",
                        "<= 1x + 30");
            }
        }
    }

    private static void print(
            String measure, double ours, double beside, String unit, String mark) {
        new Measure("gateway", measure, ours, beside, unit, mark, null, null).print();
    }

    private Run run(int port, int connections, int seconds) throws Exception {
        var process =
                new ProcessBuilder(
                                "wrk",
                                "-t1",
                                "-c" + connections,
                                "-d" + seconds + "s",
                                "--latency",
                                "-s" + script,
                                "https://127.0.0.1:" + port + "/")
                        .redirectErrorStream(true)
                        .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var perSecond = PER_SECOND.matcher(out);
        var median = MEDIAN.matcher(out);
        if (process.waitFor() != 0
                || !perSecond.find()
                || !median.find()
                || out.contains("Non-2xx")
                || out.contains("Socket errors")) {
            throw new IllegalStateException("wrk: " + out);
        }
        double micros = median.group(2).equals("ms") ? 1_000 : 1;
        return new Run(
                Double.parseDouble(perSecond.group(1)),
                micros * Double.parseDouble(median.group(1)));
    }

    /** The servers of the containers in turn, each with its owner's token of a usual length. */
    private static Path writeScript(Path folder) throws IOException {
        var requests =
                IntStream.range(0, SERVERS)
                        .mapToObj(
                                server ->
                                        """
                                        requests[%d] = wrk.format("GET", "/api/thing?x=1", {
                                            Host = "8000-%s.localhost", Authorization = "Bearer %s" })
                                        """
                                                .formatted(
                                                        server + 1,
                                                        id(server),
                                                        "eyJhbGciOi.".repeat(25) + server))
                        .collect(Collectors.joining());
        return Files.writeString(
                folder.resolve("requests.lua"),
                """
                local requests, next = {}, 0
                function init()
                %send
                function request() next = next %% %d + 1; return requests[next] end
                """
                        .formatted(requests, SERVERS));
    }

    private static String id(int server) {
        return "a".repeat(24) + (char) ('a' + server / 10) + (char) ('a' + server % 10);
    }

    /** Yes, to the server whose number the container's id ends with. */
    private static ScriptedBridge.Says allow(ScriptedBridge.Asked asked, int serverPort) {
        var id = asked.target().split(" ", -1)[1];
        int server = (id.charAt(24) - 'a') * 10 + (id.charAt(25) - 'a');
        return ScriptedBridge.allow(address(server) + ":" + serverPort, id, false);
    }

    private static String address(int server) {
        return "127.64.0." + (server + 1);
    }

    private static String servers(int port) {
        return "access_log off; server { listen 0.0.0.0:%d backlog=4096; return 200 \"hello\\n\"; }"
                .formatted(port);
    }

    private static String plain(Path folder, int port, int serverPort) throws IOException {
        var generated = Files.readString(folder.resolve("gateway/nginx.conf"));
        var servers =
                IntStream.range(0, SERVERS)
                        .mapToObj(server -> "server " + address(server) + ":" + serverPort + ";")
                        .collect(Collectors.joining(" "));
        return """
        %s
        access_log %s json buffer=64k flush=1s;
        %s
        upstream servers { %s keepalive 512; keepalive_requests 1000000; }
        server {
            listen 127.0.0.1:%d ssl http2;
            location / {
                proxy_pass http://servers; proxy_http_version 1.1; proxy_set_header Connection "";
            }
        }
        """
                .formatted(
                        only("(?s)log_format .*?;", generated),
                        folder.resolve("plain/access.log"),
                        only("(?s)ssl_certificate .*?ssl_session_tickets off;", generated),
                        servers,
                        port);
    }

    /** The part of the gateway's own configuration that the plain one has too. */
    private static String only(String pattern, String generated) {
        return Pattern.compile(pattern)
                .matcher(generated)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + pattern + " in nginx.conf"))
                .group();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** An NGINX of one worker, until it is closed. */
    private record Nginx(Process process) implements AutoCloseable {
        static Nginx start(Path folder, String http) throws IOException, InterruptedException {
            Files.createDirectories(folder);
            var temporary =
                    List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                            .map(kind -> kind + "_temp_path " + folder.resolve(kind) + ";")
                            .collect(Collectors.joining(" "));
            var file = folder.resolve("nginx.conf");
            var log = folder.resolve("error.log");
            var pid = folder.resolve("pid");
            Files.writeString(
                    file,
                    """
                    worker_processes 1; daemon off; pid %s; error_log %s crit;
                    events { worker_connections 8192; }
                    http { keepalive_requests 1000000; keepalive_timeout 75s; %s
                    %s }
                    """
                            .formatted(pid, log, temporary, http));
            var program = TestGateway.nginx().binary().toString();
            var process =
                    new ProcessBuilder(program, "-e", log.toString(), "-c", file.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var nginx = new Nginx(process);
            while (!Files.exists(pid)) { // it listens before it writes that
                process.waitFor(5, TimeUnit.MILLISECONDS);
                nginx.requireAlive();
            }
            return nginx;
        }

        void requireAlive() {
            if (!process.isAlive()) {
                throw new IllegalStateException("NGINX ended with " + process.exitValue());
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
