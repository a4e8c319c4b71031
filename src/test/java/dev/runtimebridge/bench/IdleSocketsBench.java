package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.telemetry.Logging;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.RawHttps;
import dev.runtimebridge.testing.TestGateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * 5,000 idle WebSockets through a gateway of one worker to 50 users' containers, while 1,000 others
 * launch, reach their containers once and end them: how many of the sockets do not answer
 * afterwards. A whole bridge decides; one server stands in for the agents.
 */
public final class IdleSocketsBench implements AutoCloseable {
    private static final int IMAGE = 1;
    private static final int HOLDERS = 50;
    private static final int SOCKETS = 5_000;
    private static final int COME_AND_GO = 1_000;
    private static final int AT_A_TIME = 50;

    /** Handshakes at a time: more would only wait for each other. */
    private static final int CONNECTING = 16;

    private static final String HELLO = "still here";
    private static final String MASK = "\0\0\0\0";

    private final Path folder = Files.createTempDirectory("bench-sockets-");
    private final KeyMaterial keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
    private final SocketAgents agents;
    private final BridgeInProcess bridge;
    private final Launches users;
    private final TestGateway gateway;
    private final List<RawHttps> sockets = new ArrayList<>();

    private IdleSocketsBench() throws Exception {
        Logging.toFolder(folder, false);
        agents = new SocketAgents();
        var values =
                Development.withGateway(
                        Development.values(Map.of(), folder, 0, keys), TestGateway.freePort());
        bridge = BridgeInProcess.start(values, new FakeProvider(InstantSource.system(), agents));
        users = new Launches(bridge.url(), keys);
        gateway =
                TestGateway.start(
                        folder.resolve("gateway"),
                        List.of(bridge.url().getAuthority()),
                        List.of(),
                        StandingBridge.derivedKeys(values).gatewayKey());
    }

    public static void main(String[] arguments) throws Exception {
        try (var bench = new IdleSocketsBench()) {
            bench.run();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        open(launch("holder-", 0, HOLDERS));
        System.out.println(sockets.size() + " sockets are open");
        for (int from = 0; from < COME_AND_GO; from += AT_A_TIME) {
            comeAndGo(from);
        }
        System.out.println(COME_AND_GO + " containers came and went");
        long dropped = sockets.stream().filter(socket -> !answers(socket)).count();
        new Measure(
                        "gateway",
                        "5,000 idle WebSockets, 1,000 containers meanwhile, dropped",
                        dropped,
                        null,
                        "sockets",
                        "<= 0",
                        "h2",
                        "fake")
                .print();
    }

    private List<Launches.Answer> launch(String name, int from, int count) throws Exception {
        var names = IntStream.range(from, from + count).mapToObj(n -> name + n).toList();
        return users.launchAll(names, IMAGE);
    }

    private void open(List<Launches.Answer> holders) throws Exception {
        var opening = new ArrayList<Callable<RawHttps>>();
        for (int i = 0; i < SOCKETS; i++) {
            var holder = holders.get(i % holders.size());
            opening.add(() -> open(holder));
        }
        sockets.addAll(atOnce(opening));
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newFixedThreadPool(CONNECTING)) {
            var done = new ArrayList<T>();
            for (var pending : threads.invokeAll(calls)) {
                done.add(pending.get());
            }
            return done;
        }
    }

    private RawHttps open(Launches.Answer holder) throws IOException {
        var socket = gateway.connect(host(holder));
        int status =
                socket.ask(
                                host(holder) + ".localhost",
                                "GET /socket",
                                bearer(holder),
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                        .status();
        if (status != 101) {
            throw new IllegalStateException("no socket: " + status);
        }
        return socket;
    }

    private void comeAndGo(int from) throws Exception {
        var launched = launch("guest-", from, AT_A_TIME);
        var asking = new ArrayList<Callable<Integer>>();
        for (var each : launched) {
            asking.add(() -> gateway.ask(host(each), "GET /ping", bearer(each)).status());
        }
        var statuses = atOnce(asking);
        if (statuses.stream().anyMatch(status -> status != 200)) {
            throw new IllegalStateException("not all reached their containers: " + statuses);
        }
        for (var each : launched) {
            users.stop(each);
        }
    }

    private String host(Launches.Answer launched) {
        return agents.port() + "-" + launched.id();
    }

    private String bearer(Launches.Answer launched) {
        return "Authorization: Bearer " + users.token(launched.user());
    }

    /** Says hello in a masked frame, and waits for the same in one that is not. */
    private static boolean answers(RawHttps socket) {
        try {
            socket.send("\u0081" + (char) (0x80 + HELLO.length()) + MASK + HELLO);
            if (socket.read() != 0x81 || socket.read() != HELLO.length()) {
                return false;
            }
            for (char expected : HELLO.toCharArray()) {
                if (socket.read() != expected) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            System.out.println("dropped: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        gateway.close();
        users.close();
        bridge.close();
        agents.close();
        RealBridge.remove(folder);
    }
}
