package dev.runtimebridge.bench;

import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.testing.MariaDbServer;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The endpoint that gateways ask, of a whole bridge on one core that knows 10,000 containers, each
 * asked for in turn with a credential of its own: owners' tokens by host and by path, and sessions.
 * And what these containers cost the bridge's heap once each was decided about.
 */
public final class DecisionBench {
    private static final int CONTAINERS = 10_000;
    private static final int FEW = 10;
    private static final int CONNECTIONS = 32;
    private static final int WAYS = 3;
    private static final Duration WARMING = Duration.ofSeconds(20);

    /**
     * Each was signed for before and is not signed for again meanwhile. In use that is done 34
     * times a second for so many containers, which takes a twentieth of the core.
     */
    private static final Duration MEASURED = Duration.ofSeconds(30);

    private static final double MEGABYTE = 1e6;

    private DecisionBench() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = MariaDbServer.start()) {
            long with;
            try (var bridge = StandingBridge.start(newDatabase(server), CONTAINERS)) {
                var gateway = asking(bridge, CONTAINERS);
                gateway.warmUp(bridge.pid());
                double rate = gateway.run(MEASURED).perSecond();
                print("decisions, one core", rate, "req/s", ">= 20000");
                with = Command.liveHeapBytes(bridge.pid());
            }
            // As many connections and as warm: what differs is the containers.
            try (var bridge = StandingBridge.start(newDatabase(server), FEW)) {
                asking(bridge, FEW).run(WARMING);
                double cost = (with - Command.liveHeapBytes(bridge.pid())) / MEGABYTE;
                print("heap of 10,000 containers", cost, "MB", "<= 20");
            }
        }
    }

    private static DatabaseSettings newDatabase(MariaDbServer server) {
        return server.newDatabase(DatabaseSettings.Limits.of(1));
    }

    private static void print(String measure, double ours, String unit, String mark) {
        new Measure("gateway", measure, ours, null, unit, mark, "mariadb", "standing").print();
    }

    private static Wrk asking(StandingBridge bridge, int containers) throws IOException {
        var requests =
                IntStream.range(0, containers)
                        .mapToObj(user -> request(bridge, user))
                        .collect(Collectors.joining(",\n"));
        return new Wrk(
                bridge.url("/gateway/decision").toString(),
                CONNECTIONS,
                """
                local asked, texts, next = { %s }, {}, 0
                function init()
                    for i, headers in ipairs(asked) do
                        headers["Gateway-Key"] = "%s"
                        texts[i] = wrk.format("GET", nil, headers)
                    end
                end
                function request() next = next %% #texts + 1; return texts[next] end
                """
                        .formatted(requests, bridge.key().reveal()));
    }

    /** The headers of one question, as Lua writes them. */
    private static String request(StandingBridge bridge, int user) {
        var form = user % WAYS == 2 ? "path" : "host";
        var target = form + " " + bridge.container(user) + " " + StandingContainers.AGENT_PORT;
        var credential =
                user % WAYS == 1
                        ? "[\"Gateway-Session\"] = \"" + bridge.session(user).reveal() + "\""
                        : "Authorization = \"Bearer " + bridge.token(user).reveal() + "\"";
        return "{ [\"Gateway-Target\"] = \"" + target + "\", " + credential + " }";
    }
}
