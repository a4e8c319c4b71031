package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.testing.MariaDbServer;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * One user launches at two bridges on one MariaDB at the same moment, round after round: always one
 * container.
 */
public final class TwoBridgesSoak {
    private static final int ROUNDS = 1_000;
    private static final int CALLS_EACH = 4;
    private static final int IMAGE = 1;

    private TwoBridgesSoak() {}

    /** Takes another number of them where one is given. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
        var folder = Files.createTempDirectory("bench-two-");
        var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
        int single = 0;
        try (var server = MariaDbServer.start();
                var provider = new CallingHome(Duration.ofMillis(5))) {
            var values = new HashMap<>(Development.values(Map.of(), folder, 0, keys));
            values.putAll(RealBridge.values(server.newDatabase(DatabaseSettings.Limits.of(1))));
            values.put("BRIDGE_NAME", "one");
            try (var one = BridgeInProcess.start(values, provider)) {
                values.put("BRIDGE_NAME", "two");
                provider.bridge(one.url());
                provider.callsHome(true);
                try (var two = BridgeInProcess.start(values, provider);
                        var atOne = new Launches(one.url(), keys);
                        var atTwo = new Launches(two.url(), keys)) {
                    for (int round = 0; round < rounds; round++) {
                        single += onlyOne(atOne, atTwo, Integer.toString(round)) ? 1 : 0;
                    }
                }
            }
        } finally {
            RealBridge.remove(folder);
        }
        new Measure(
                        "soak",
                        "two bridges, one user: rounds with one container",
                        single,
                        null,
                        "rounds",
                        ">= " + rounds,
                        "mariadb",
                        "fake")
                .print();
        System.exit(0);
    }

    /** Whether all calls got the same container; ends it. */
    private static boolean onlyOne(Launches one, Launches two, String user) throws Exception {
        var calls = new ArrayList<Callable<Launches.Answer>>();
        calls.addAll(Collections.nCopies(CALLS_EACH, () -> one.launch(user, IMAGE)));
        calls.addAll(Collections.nCopies(CALLS_EACH, () -> two.launch(user, IMAGE)));
        var containers = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Launches.Answer last = null;
            for (var pending : threads.invokeAll(calls)) {
                last = pending.get();
                containers.add(last.id() + " at " + last.ip());
            }
            one.stop(last);
        }
        return containers.size() == 1;
    }
}
