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
        try {
            var changes = YAML.readTree(text);
            if (changes == null || changes.isMissingNode() || changes.isNull()) {
                return scenario;
            }
            if (!(changes instanceof ObjectNode object)) {
                throw new IllegalArgumentException("a scenario is an object of keys and values");
            }
            var merged = overlay((ObjectNode) JSON.valueToTree(scenario), object);
            return JSON.treeToValue(merged, Scenario.class);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(path(e) + ": " + firstLine(e), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not YAML: " + firstLine(e), e);
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
