package dev.runtimebridge.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Kill -9 of the bridge with many launches in flight, again and again on one folder: the next
 * bridge serves everybody, each user the same container in all that follows.
 */
public final class CrashSoak {
    private static final int CRASHES = 20;
    private static final int USERS = 6;
    private static final int IMAGE = 1;

    private CrashSoak() {}

    /** Takes another number of them where one is given. */
    public static void main(String[] arguments) throws Exception {
        int crashes = arguments.length == 0 ? CRASHES : Integer.parseInt(arguments[0]);
        int served = 0;
        int kept = 0;
        var bridge = RealBridge.up(command -> command);
        try {
            for (int round = 0; round < crashes; round++) {
                var names = names(round);
                cutShort(bridge, names, round);
                bridge = bridge.startAgain();
                try (var users = bridge.users()) {
                    var first = users.launchAll(names, IMAGE);
                    served += first.size();
                    var again = users.launchAll(names, IMAGE);
                    for (int i = 0; i < first.size(); i++) {
                        kept += first.get(i).id().equals(again.get(i).id()) ? 1 : 0;
                        users.stop(first.get(i));
                    }
                }
                System.out.println("crash " + (round + 1) + ": " + served + " served");
            }
        } finally {
            bridge.close();
        }
        print("launches served after crashes", served, crashes);
        print("containers kept by their users", kept, crashes);
    }

    /** Begins the launches, and kills the bridge somewhere on their way. */
    private static void cutShort(RealBridge bridge, List<String> names, int round)
            throws IOException, InterruptedException {
        try (var users = bridge.users();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var inFlight = threads.submit(() -> users.launchAll(names, IMAGE));
            // Each round a little later on the launches' way.
            Thread.sleep(100L + 150L * round);
            bridge.kill();
            inFlight.get();
        } catch (ExecutionException e) {
            System.out.println("cut short: " + e.getCause());
        }
    }

    private static List<String> names(int round) {
        return IntStream.range(0, USERS).mapToObj(n -> round + "-" + n).toList();
    }

    private static void print(String measure, int ours, int crashes) {
        var mark = ">= " + crashes * USERS;
        new Measure("soak", measure, ours, null, "launches", mark, "h2", "local").print();
    }
}
