package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.runtimebridge.emulator.region.AwsException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The members of a JSON request. Unknown ones are ignored, as AWS does; one of another type is a
 * SerializationException. Source: the AWS JSON 1.0 and 1.1 protocols of the Smithy specification.
 */
record Members(JsonNode node) {
    static Members none() {
        return new Members(MissingNode.getInstance());
    }

    /** Empty where there is none. */
    String text(String name) {
        return text(node.path(name)).orElse("");
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    boolean flag(String name) {
        return node.path(name).asBoolean(false);
    }

    OptionalInt number(String name) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw mistyped(value, "Integer");
        }
        return OptionalInt.of(value.intValue());
    }

    List<String> texts(String name) {
        var all = new ArrayList<String>();
        for (var each : array(name)) {
            text(each).ifPresent(all::add);
        }
        return all;
    }

    Members object(String name) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return none();
        }
        if (!value.isObject()) {
            throw mistyped(value, "Structure");
        }
        return new Members(value);
    }

    List<Members> objects(String name) {
        var all = new ArrayList<Members>();
        for (var each : array(name)) {
            if (!each.isObject()) {
                throw mistyped(each, "Structure");
            }
            all.add(new Members(each));
        }
        return all;
    }

    private JsonNode array(String name) {
        var value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            throw mistyped(value, "List");
        }
        return value;
    }

    private static Optional<String> text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw mistyped(value, "String");
        }
        return Optional.of(value.textValue());
    }

    private static AwsException mistyped(JsonNode value, String expected) {
        return AwsException.client(
                "SerializationException",
                value.getNodeType() + "_VALUE cannot be converted to " + expected);
    }
}
