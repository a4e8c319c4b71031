package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.store.DatabaseSettings.Limits;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.telemetry.Logging;
import dev.runtimebridge.testing.MariaDbServer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Kill -9 of a real bridge with many launches in flight on Fargate, again and again: at a call to
 * AWS or an agent's initialisation that the round's seed has drawn, while replies are lost and new
 * tasks are not shown for a while. The next bridge serves everybody; then what runs at AWS is what
 * the database says, and nobody was started twice.
 */
public final class FargateCrashSoak {
    private static final int ROUNDS = 20;
    private static final int USERS = 1_000;
    private static final int IMAGE = 1;

    /** Emulated seconds in a real one: what takes AWS a minute takes six seconds. */
    private static final int SCALE = 10;

    private static final Duration LONGEST_SETTLING = Duration.ofMinutes(2);

    private final Emulator aws;
    private final StubAgents agents;
    private final Database database;
    private final int users;
    private RealBridge bridge;

    private FargateCrashSoak(
            Emulator aws, StubAgents agents, Database database, int users, RealBridge bridge) {
        this.aws = aws;
        this.agents = agents;
        this.database = database;
        this.users = users;
        this.bridge = bridge;
    }

    /** Takes other numbers of rounds and of users where they are given. */
    public static void main(String[] arguments) throws Exception {
        Logging.toConsole(false);
        int rounds = arguments.length < 1 ? ROUNDS : Integer.parseInt(arguments[0]);
        int users = arguments.length < 2 ? USERS : Integer.parseInt(arguments[1]);
        int clean = 0;
        try (var server = MariaDbServer.start();
                var clock = new ScaledClock(SCALE, InstantSource.system());
                var agents = new StubAgents(clock, FargateRun.AGENT_PORT);
                var aws = Emulator.start(script(), clock, agents, 0)) {
            var shared = server.newDatabase(Limits.of(10));
            var settings = settings(aws, shared);
            var soak =
                    new FargateCrashSoak(
                            aws,
                            agents,
                            new Database(shared),
                            users,
                            RealBridge.serve(command -> command, settings));
            try {
                soak.prepare();
                for (int seed = 1; seed <= rounds; seed++) {
                    clean += soak.round(seed) ? 1 : 0;
                }
            } finally {
                soak.bridge.close();
                soak.database.close();
            }
        }
        new Measure(
                        "soak",
                        "Fargate: kills with " + users + " launches in flight, nothing amiss",
                        clean,
                        null,
                        "rounds",
                        ">= " + rounds,
                        "mariadb",
                        "fargate, emulated")
                .print();
        System.exit(0);
    }

    private static Scenario script() {
        return FargateRun.script(SCALE)
                .with(
                        """
                        missing: 0s..3s
                        faults:
                          - {action: RunTask, kind: lose-reply, share: 0.1, times: 0}
                          - {action: RunTask, kind: lose-request, share: 0.05, times: 0}
                          - {action: StopTask, kind: lose-reply, share: 0.05, times: 0}
                          - {action: DescribeTasks, kind: lose-reply, share: 0.05, times: 0}
                        """);
    }

    private static Map<String, String> settings(Emulator aws, DatabaseSettings database) {
        var settings = new HashMap<>(FargateRun.settings(aws));
        settings.putAll(RealBridge.values(database));
        settings.putAll(FargateRun.rates(SCALE));
        settings.put("LEASE_TTL", "2s");
        return settings;
    }

    private void prepare() throws Exception {
        try (var administrator = bridge.users()) {
            administrator.changeImage(IMAGE, "{\"task_definition\": \"workspace:1\"}");
        }
    }

    /** Whether nothing was amiss. */
    private boolean round(int seed) throws Exception {
        int before = aws.ledger().started().size();
        var names = IntStream.range(0, users).mapToObj(n -> seed + "-" + n).toList();
        var point = cutShort(names, new SplittableRandom(seed));
        bridge = bridge.startAgain();
        try (var launches = bridge.users()) {
            launches.comeAgainWhenTold();
            var served = launches.launchAll(names, IMAGE);
            boolean agree = settles(() -> running().equals(rows()) && rows().size() == users);
            int started = aws.ledger().started().size() - before;
            long places = served.stream().map(Launches.Answer::ip).distinct().count();
            boolean well = agree && started == users && places == users;
            System.out.printf(
                    "seed %d: killed at %s; %d served, %d tasks, %d started, the database says"
                            + " %d%s%n",
                    seed,
                    point,
                    served.size(),
                    running().size(),
                    started,
                    rows().size(),
                    well ? "" : ": AMISS");
            for (var answer : served) {
                launches.stop(answer);
            }
            boolean ended = settles(() -> running().isEmpty() && rows().isEmpty());
            if (!ended) {
                System.out.println("seed " + seed + ": not everything ended: AMISS");
            }
            return well && ended;
        }
    }

    /** Begins the launches and kills the bridge where the seed says; returns where that was. */
    private String cutShort(List<String> names, SplittableRandom random) throws Exception {
        boolean atACall = random.nextBoolean();
        // Of about 3 calls for 10 launches.
        int which = 1 + random.nextInt(atACall ? Math.max(2, users / 5) : users);
        var seen = new AtomicInteger();
        Runnable count =
                () -> {
                    if (seen.incrementAndGet() == which) {
                        bridge.kill();
                    }
                };
        aws.calls().watch(call -> tell(atACall, count));
        agents.watchInits(arn -> tell(!atACall, count));
        try (var launches = bridge.users();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> launches.launchAll(names, IMAGE));
            if (!settles(() -> seen.get() >= which)) {
                bridge.kill();
            }
        } finally {
            aws.calls().watch(call -> {});
            agents.watchInits(arn -> {});
        }
        return (atACall ? "call " : "init ") + which;
    }

    private static void tell(boolean concerned, Runnable count) {
        if (concerned) {
            count.run();
        }
    }

    private Set<String> running() {
        return aws.ledger().running().stream()
                .filter(task -> task.stopCode().isEmpty())
                .map(LedgerEntry::arn)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> rows() {
        return new SqlFleet(database)
                .live("fargate").stream()
                        .flatMap(container -> container.ref().stream())
                        .map(ref -> ref.value())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean settles(BooleanSupplier condition) {
        long until = System.nanoTime() + LONGEST_SETTLING.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return true;
    }
}
