package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a query request. Source: the EC2 query and AWS query protocols of the Smithy
 * specification: lists are {@code Name.1}, {@code Name.2}, in AWS query {@code Name.member.1}.
 */
record QueryParameters(Map<String, String> all) {
    QueryParameters {
        all = Map.copyOf(all);
    }

    /** Empty where there is none. */
    String text(String name) {
        return all.getOrDefault(name, "");
    }

    boolean flag(String name) {
        return text(name).equals("true");
    }

    Optional<Integer> number(String name) {
        try {
            return text(name).isEmpty()
                    ? Optional.empty()
                    : Optional.of(Integer.valueOf(text(name)));
        } catch (NumberFormatException e) {
            throw AwsException.client(
                    "InvalidParameterValue",
                    "Value (%s) for parameter %s is invalid.".formatted(text(name), name));
        }
    }

    /** A list, in either notation. */
    List<String> list(String name) {
        var plain = numbered(name);
        return plain.isEmpty() ? numbered(name + ".member") : plain;
    }

    /** EC2's filters. */
    List<Filter> filters() {
        var filters = new ArrayList<Filter>();
        for (int at = 1; all.containsKey("Filter." + at + ".Name"); at++) {
            filters.add(
                    new Filter(
                            text("Filter." + at + ".Name"), numbered("Filter." + at + ".Value")));
        }
        return filters;
    }

    /** One filter: the values are alternatives. */
    record Filter(String name, List<String> values) {
        Filter {
            values = List.copyOf(values);
        }
    }

    private List<String> numbered(String prefix) {
        var values = new ArrayList<String>();
        for (int at = 1; all.containsKey(prefix + "." + at); at++) {
            values.add(text(prefix + "." + at));
        }
        return values;
    }
}
