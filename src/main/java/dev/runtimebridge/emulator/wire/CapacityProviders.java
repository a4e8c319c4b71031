package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.script.Cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which capacity provider each task of a request goes to. Source: CapacityProviderStrategyItem of
 * the ECS API reference: bases are served first, the rest by weight.
 */
final class CapacityProviders {
    private static final int MOST_ITEMS = 20;
    private static final int HEAVIEST = 1_000;
    private static final int HIGHEST_BASE = 100_000;

    private final Cluster cluster;

    CapacityProviders(Cluster cluster) {
        this.cluster = cluster;
    }

    private record Item(String provider, int weight, int base) {}

    /** One provider for each task. */
    List<String> of(Members request, int count) {
        var launchType = request.text("launchType");
        var items =
                request.objects("capacityProviderStrategy").stream()
                        .map(CapacityProviders::item)
                        .toList();
        refuse(
                !launchType.isEmpty() && !items.isEmpty(),
                "Specifying both a launch type and capacity provider strategy is not supported."
                        + " Remove one and try again.");
        if (items.isEmpty()) {
            refuse(
                    !List.of("", "EC2", "FARGATE", "EXTERNAL").contains(launchType),
                    "Invalid launch type: " + launchType);
            // The default is EC2, and there are no instances here.
            refuse(
                    !launchType.equals("FARGATE"),
                    "No Container Instances were found in your cluster.");
            return Collections.nCopies(count, "FARGATE");
        }
        check(items);
        return spread(items, count);
    }

    private void check(List<Item> items) {
        refuse(items.size() > MOST_ITEMS, "capacityProviderStrategy can have at most 20 items.");
        for (var item : items) {
            refuse(
                    !cluster.capacityProviders().contains(item.provider),
                    "The specified capacity provider '%s' is not associated with cluster '%s'."
                            .formatted(item.provider, cluster.name()));
            refuse(
                    item.weight < 0
                            || item.weight > HEAVIEST
                            || item.base < 0
                            || item.base > HIGHEST_BASE,
                    "weight must be 0 to 1000 and base 0 to 100000.");
        }
        refuse(
                items.stream().filter(item -> item.base > 0).count() > 1,
                "Only one capacity provider in a strategy can have a base defined.");
        refuse(
                items.stream().allMatch(item -> item.weight == 0),
                "At least one capacity provider must have a weight greater than zero.");
    }

    private static List<String> spread(List<Item> items, int count) {
        var providers = new ArrayList<String>();
        for (var item : items) {
            for (int each = 0; each < item.base && providers.size() < count; each++) {
                providers.add(item.provider);
            }
        }
        int[] given = new int[items.size()];
        while (providers.size() < count) {
            int next = furthestBehind(items, given);
            given[next]++;
            providers.add(items.get(next).provider);
        }
        return providers;
    }

    private static int furthestBehind(List<Item> items, int[] given) {
        int next = -1;
        for (int each = 0; each < items.size(); each++) {
            int weight = items.get(each).weight;
            if (weight > 0
                    && (next < 0
                            || (given[each] + 1.0) / weight
                                    < (given[next] + 1.0) / items.get(next).weight)) {
                next = each;
            }
        }
        return next;
    }

    private static Item item(Members members) {
        return new Item(
                members.text("capacityProvider"),
                members.number("weight").orElse(0),
                members.number("base").orElse(0));
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw AwsException.invalid(message);
        }
    }
}
