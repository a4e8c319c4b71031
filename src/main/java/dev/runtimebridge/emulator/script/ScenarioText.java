package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.util.stream.Collectors;

/**
 * Scenarios as text, YAML or JSON. A text names only what differs: objects are merged, lists and
 * values replaced. Elements of lists, being whole, name everything but what has an obvious default.
 */
public final class ScenarioText {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build();

    private ScenarioText() {}

    /**
     * What {@code text} says laid over {@code scenario}.
     *
     * @throws IllegalArgumentException naming the place in the text, in one line
     */
    public static Scenario merge(Scenario scenario, String text) {
        var changes = object(text);
        var merged = overlay((ObjectNode) JSON.valueToTree(scenario), changes);
        return read(merged, Scenario.class);
    }

    /**
     * One part of a scenario, or of what is asked of an emulator.
     *
     * @throws IllegalArgumentException naming the place in the text, in one line
     */
    public static <T> T read(String text, Class<T> part) {
        return read(object(text), part);
    }

    private static ObjectNode object(String text) {
        try {
            var node = YAML.readTree(text);
            if (node == null || node.isMissingNode() || node.isNull()) {
                return YAML.createObjectNode();
            }
            if (!(node instanceof ObjectNode object)) {
                throw new IllegalArgumentException("keys and values are expected");
            }
            return object;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not YAML: " + firstLine(e), e);
        }
    }

    private static <T> T read(ObjectNode node, Class<T> part) {
        try {
            return JSON.treeToValue(node, part);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(path(e) + ": " + firstLine(e), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(firstLine(e), e);
        }
    }

    /** The whole of it, as JSON. */
    public static String json(Scenario scenario) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(scenario);
        } catch (JacksonException e) {
            throw new IllegalStateException("records of plain values can be written", e);
        }
    }

    private static ObjectNode overlay(ObjectNode below, ObjectNode above) {
        for (var field : above.properties()) {
            JsonNode under = below.get(field.getKey());
            if (under instanceof ObjectNode object && field.getValue() instanceof ObjectNode over) {
                overlay(object, over);
            } else {
                below.set(field.getKey(), field.getValue());
            }
        }
        return below;
    }

    private static String path(JsonMappingException fault) {
        return fault.getPath().stream()
                .map(
                        part ->
                                part.getFieldName() == null
                                        ? "[" + part.getIndex() + "]"
                                        : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String firstLine(JacksonException fault) {
        return fault.getOriginalMessage().lines().findFirst().orElse("");
    }
}
