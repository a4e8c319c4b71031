package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * EC2's filters: all must hold, of each one value. Source: "List and filter your resources" of the
 * EC2 user guide.
 *
 * @param values what a thing has for each filter that is known
 */
record Filters<T>(Map<String, Function<T, Stream<String>>> values) {
    private static final int MOST_VALUES = 200;

    Filters {
        values = Map.copyOf(values);
    }

    /** What the request asks for. */
    Predicate<T> of(QueryParameters request) {
        Predicate<T> all = _ -> true;
        for (var filter : request.filters()) {
            var values = this.values.get(filter.name());
            if (values == null) {
                throw AwsException.client(
                        "InvalidParameterValue", "The filter '" + filter.name() + "' is invalid");
            }
            if (filter.values().size() > MOST_VALUES) {
                throw AwsException.client(
                        "FilterLimitExceeded",
                        "The maximum number of filter values specified on a single call is 200");
            }
            var wanted = new HashSet<>(filter.values());
            all = all.and(thing -> values.apply(thing).anyMatch(wanted::contains));
        }
        return all;
    }

    /**
     * The things that are named, or all where none is.
     *
     * @throws AwsException when one does not exist
     */
    static <T> List<T> named(
            List<String> ids,
            List<T> all,
            Function<T, String> id,
            String notFound,
            String message) {
        if (ids.isEmpty()) {
            return all;
        }
        var byId = all.stream().collect(Collectors.toMap(id, Function.identity()));
        return ids.stream()
                .map(
                        each -> {
                            var found = byId.get(each);
                            if (found == null) {
                                throw AwsException.client(notFound, message.formatted(each));
                            }
                            return found;
                        })
                .toList();
    }
}
