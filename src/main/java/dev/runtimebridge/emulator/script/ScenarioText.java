package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Scenarios as text, YAML or JSON. A text names only what differs: objects are merged, lists and
 * values replaced. The elements of a list need their name or kind; the rest has a default.
 */
public final class ScenarioText {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build();

    /** What the elements of lists are like unless they say otherwise, by the list's key. */
    private static final Map<String, ObjectNode> ELEMENTS =
            Map.of(
                    "clusters", element(Cluster.of(""), "name"),
                    "subnets", element(Subnet.of("", "eu-central-1a", "10.0.0.0/20"), "id"),
                    "securityGroups", element(SecurityGroup.of(""), "id"),
                    "definitions", element(Definition.of("workspace", 1), "family"),
                    "faults", element(CallFault.of("", CallFault.Kind.ERROR, 1), "action", "kind"),
                    "fates", element(Fate.of(Fate.Kind.STOP, 1), "kind"));

    private ScenarioText() {}

    /**
     * What {@code text} says laid over {@code scenario}.
     *
     * @throws IllegalArgumentException naming the place in the text, in one line
     */
    public static Scenario merge(Scenario scenario, String text) {
        var changes = object(text);
        var merged = overlay((ObjectNode) JSON.valueToTree(scenario), changes);
        ELEMENTS.forEach((list, otherwise) -> complete(merged, list, otherwise));
        return read(merged, Scenario.class);
    }

    /**
     * A fault, as an element of {@code faults} has it.
     *
     * @throws IllegalArgumentException naming the place in the text, in one line
     */
    public static CallFault fault(String text) {
        return element(text, "faults", CallFault.class);
    }

    /**
     * A fate, as an element of {@code fates} has it.
     *
     * @throws IllegalArgumentException naming the place in the text, in one line
     */
    public static Fate fate(String text) {
        return element(text, "fates", Fate.class);
    }

    /** The top level of a text of plain values. */
    public static Map<String, String> values(String text) {
        var values = new TreeMap<String, String>();
        object(text)
                .properties()
                .forEach(each -> values.put(each.getKey(), each.getValue().asText()));
        return values;
    }

    private static <T> T element(String text, String list, Class<T> part) {
        var otherwise = Objects.requireNonNull(ELEMENTS.get(list));
        return read(overlay(otherwise.deepCopy(), object(text)), part);
    }

    /** Everything but what each element must say itself. */
    private static ObjectNode element(Object like, String... required) {
        ObjectNode element = JSON.valueToTree(like);
        return element.without(List.of(required));
    }

    private static void complete(ObjectNode scenario, String list, ObjectNode otherwise) {
        if (scenario.get(list) instanceof ArrayNode elements) {
            for (int at = 0; at < elements.size(); at++) {
                if (elements.get(at) instanceof ObjectNode element) {
                    elements.set(at, overlay(otherwise.deepCopy(), element));
                }
            }
        }
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
            throw new IllegalArgumentException("not YAML: " + Complaint.firstLine(e), e);
        }
    }

    private static <T> T read(ObjectNode node, Class<T> part) {
        try {
            return JSON.treeToValue(node, part);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(Complaint.of(e), e);
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
}
