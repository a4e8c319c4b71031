package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.TreeMap;

/** What makes two requests the same: all members but the client token, in any order. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(JsonNode request) {
        var rest = request.deepCopy();
        if (rest instanceof ObjectNode object) {
            object.remove("clientToken");
        }
        return sorted(rest).toString();
    }

    private static Object sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, Object> members = new TreeMap<>();
            object.properties()
                    .forEach(each -> members.put(each.getKey(), sorted(each.getValue())));
            return members;
        }
        return node.isArray() ? node.valueStream().map(Fingerprint::sorted).toList() : node;
    }
}
