package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Quota;
import dev.runtimebridge.emulator.script.Quotas;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The account's token buckets, in emulated time. A call that a later one refuses has still used up
 * what an earlier one gave it: AWS does not say, and this is the harsher reading.
 */
final class Throttles {
    /** Quotas are decimal rates; bucket4j refills whole tokens per period. */
    private static final Duration PERIOD = Duration.ofSeconds(1_000);

    private final Supplier<Quotas> quotas;
    private final TimeMeter time;
    private final Map<Quota, Map<String, Bucket>> buckets = new HashMap<>();

    Throttles(Supplier<Quotas> quotas, InstantSource clock) {
        this.quotas = quotas;
        this.time = meter(clock);
    }

    /** Whether this call of ECS may be made now. */
    boolean ecs(String action) {
        return switch (action) {
            case "RunTask" ->
                    take("runTask", Quotas::runTask, 1)
                            && take("modify", Quotas::clusterResourceModify, 1);
            case "StopTask", "ExecuteCommand" -> take("modify", Quotas::clusterResourceModify, 1);
            case "DescribeTasks", "ListTasks" -> take("read", Quotas::clusterResourceRead, 1);
            case "DescribeClusters", "ListClusters" -> take("clusters", Quotas::clusterRead, 1);
            case "DescribeTaskDefinition", "ListTaskDefinitions" ->
                    take("definitions", Quotas::definitionRead, 1);
            case "RegisterTaskDefinition", "DeregisterTaskDefinition" ->
                    take("register", Quotas::definitionModify, 1);
            default -> true;
        };
    }

    /**
     * Whether this call of EC2 may be made now; each describing action has buckets of its own.
     *
     * @param narrowed whether it has a filter or is paginated
     */
    boolean ec2(String action, boolean narrowed) {
        return narrowed
                ? take("filtered " + action, Quotas::ec2Filtered, 1)
                : take("plain " + action, Quotas::ec2Plain, 1);
    }

    /** Whether Fargate starts so many tasks more now; all or none. */
    boolean tasks(boolean spot, int count) {
        return count == 0
                || (spot
                        ? take("spot", Quotas::spotTasks, count)
                        : take("fargate", Quotas::fargateTasks, count));
    }

    /** A quota that was changed gives a new, full bucket. */
    private synchronized boolean take(String name, Function<Quotas, Quota> which, int tokens) {
        var quota = which.apply(quotas.get());
        return buckets.computeIfAbsent(quota, _ -> new HashMap<>())
                .computeIfAbsent(name, _ -> bucket(quota))
                .tryConsume(tokens);
    }

    private Bucket bucket(Quota quota) {
        long refill = Math.round(quota.perSecond() * PERIOD.toSeconds());
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(quota.burst()).refillGreedy(refill, PERIOD))
                .withCustomTimePrecision(time)
                .build();
    }

    private static TimeMeter meter(InstantSource clock) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                var now = clock.instant();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }
}
