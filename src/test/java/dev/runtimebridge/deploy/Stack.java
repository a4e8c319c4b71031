package dev.runtimebridge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What CloudFormation makes of the template with these parameters: loops unrolled, conditions
 * decided, functions resolved. What only AWS knows is made up: a resource is its logical id, or
 * looks like what its type is called by, and an attribute is {@code id.Attribute}.
 */
final class Stack {
    static final Path TEMPLATE = Path.of("..", "deploy", "cloudformation.yaml");

    private static final String LOOP = "Fn::ForEach::";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^!}]+)}");
    private static final Map<String, String> PSEUDO =
            Map.of(
                    "AWS::AccountId", "123456789012",
                    "AWS::Region", "eu-central-1",
                    "AWS::Partition", "aws",
                    "AWS::URLSuffix", "amazonaws.com",
                    "AWS::StackName", "runtime-bridge");
    private static final String QUEUES = "https://sqs.eu-central-1.amazonaws.com/123456789012/";

    private final JsonNode template;
    private final Map<String, JsonNode> parameters = new TreeMap<>();

    private Stack(JsonNode template, Map<String, String> given) {
        template.get("Parameters")
                .properties()
                .forEach(
                        entry -> {
                            var name = entry.getKey();
                            var text = given.containsKey(name) ? given.get(name) : fallback(entry);
                            parameters.put(name, value(entry.getValue(), text));
                        });
        for (var name : given.keySet()) {
            if (!parameters.containsKey(name)) {
                throw new IllegalArgumentException("the template has no parameter " + name);
            }
        }
        this.template = unrolled(template, Map.of());
    }

    static Stack with(Map<String, String> given) throws IOException {
        return new Stack(CloudFormationYaml.read(TEMPLATE), given);
    }

    private static String fallback(Map.Entry<String, JsonNode> parameter) {
        var fallback = parameter.getValue().get("Default");
        if (fallback == null) {
            throw new IllegalArgumentException(parameter.getKey() + " must be given");
        }
        return fallback.asText();
    }

    private static JsonNode value(JsonNode parameter, String text) {
        if (!parameter.get("Type").asText().equals("CommaDelimitedList")) {
            return TextNode.valueOf(text);
        }
        var list = JsonNodeFactory.instance.arrayNode();
        Stream.of(text.split(",", -1)).forEach(list::add);
        return list;
    }

    // --- loops ---

    private JsonNode unrolled(JsonNode node, Map<String, String> bound) {
        return switch (node) {
            case ObjectNode object when bound.containsKey(object.path("Ref").asText()) ->
                    TextNode.valueOf(bound.get(object.get("Ref").asText()));
            case ObjectNode object -> unrolledFields(object, bound);
            case ArrayNode array -> {
                var result = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> result.add(unrolled(element, bound)));
                yield result;
            }
            case TextNode text -> TextNode.valueOf(filled(text.asText(), bound));
            default -> node;
        };
    }

    private ObjectNode unrolledFields(ObjectNode object, Map<String, String> bound) {
        var result = JsonNodeFactory.instance.objectNode();
        for (var field : object.properties()) {
            if (!field.getKey().startsWith(LOOP)) {
                put(result, filled(field.getKey(), bound), unrolled(field.getValue(), bound));
                continue;
            }
            var loop = field.getValue();
            var over = loop.get(1).isArray() ? loop.get(1) : ref(loop.get(1).get("Ref").asText());
            for (var each : over) {
                var inner = new TreeMap<>(bound);
                inner.put(loop.get(0).asText(), each.asText());
                unrolledFields((ObjectNode) loop.get(2), inner)
                        .properties()
                        .forEach(made -> put(result, made.getKey(), made.getValue()));
            }
        }
        return result;
    }

    private static void put(ObjectNode object, String key, JsonNode value) {
        if (object.has(key)) {
            throw new IllegalArgumentException(key + " is there twice");
        }
        object.set(key, value);
    }

    private static String filled(String text, Map<String, String> bound) {
        var result = text;
        for (var each : bound.entrySet()) {
            result =
                    result.replace("${" + each.getKey() + "}", each.getValue())
                            .replace(
                                    "&{" + each.getKey() + "}",
                                    each.getValue().replaceAll("[^A-Za-z0-9]", ""));
        }
        return result;
    }

    // --- what there is ---

    /** The logical ids of the resources that are made with these parameters. */
    List<String> resources() {
        return template.get("Resources").properties().stream()
                .filter(entry -> exists(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> ofType(String type) {
        return resources().stream().filter(id -> type(id).equals(type)).toList();
    }

    String type(String id) {
        return template.get("Resources").get(id).get("Type").asText();
    }

    /** A resource's properties, as AWS gets them. */
    JsonNode properties(String id) {
        return resolved(template.get("Resources").get(id).path("Properties"));
    }

    /** An attribute beside the properties, such as {@code DeletionPolicy}; empty where absent. */
    String attribute(String id, String name) {
        return template.get("Resources").get(id).path(name).asText();
    }

    /** Of a resource or an output. */
    private boolean exists(JsonNode conditional) {
        return !conditional.has("Condition") || holds(conditional.get("Condition").asText());
    }

    /** Every name that something refers to, whether it exists or not. */
    TreeSet<String> references() {
        var names = new TreeSet<String>();
        Stream.of("Resources", "Outputs", "Conditions")
                .forEach(section -> gather(template.get(section), names));
        return names;
    }

    /** Every name that can be referred to. */
    TreeSet<String> names() {
        var names = new TreeSet<>(parameters.keySet());
        names.addAll(PSEUDO.keySet());
        names.add("AWS::NoValue");
        Stream.of("Resources", "Conditions", "Mappings")
                .forEach(
                        section -> template.get(section).fieldNames().forEachRemaining(names::add));
        return names;
    }

    private void gather(JsonNode node, TreeSet<String> names) {
        for (var field : node.properties()) {
            switch (field.getKey()) {
                case "Ref" -> names.add(resolved(field.getValue()).asText());
                case "Fn::GetAtt" -> names.add(resolved(field.getValue().get(0)).asText());
                case "Fn::Sub" -> placeholders(field.getValue()).forEach(names::add);
                case "Fn::If", "Fn::FindInMap" -> names.add(field.getValue().get(0).asText());
                case "Condition" -> {
                    if (field.getValue().isTextual()) {
                        names.add(field.getValue().asText());
                    }
                }
                default -> {}
            }
        }
        node.forEach(child -> gather(child, names));
    }

    private static Stream<String> placeholders(JsonNode substitution) {
        return PLACEHOLDER
                .matcher(substitution.asText())
                .results()
                .map(found -> found.group(1).replaceFirst("\\..*", ""));
    }

    // --- functions ---

    /** Drops what turns out to be {@code AWS::NoValue}. */
    private JsonNode resolved(JsonNode node) {
        return switch (node) {
            case ObjectNode object when object.size() == 1 && isFunction(object) -> applied(object);
            case ObjectNode object -> {
                var result = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(
                                field -> {
                                    var value = resolved(field.getValue());
                                    if (!value.isMissingNode()) {
                                        result.set(field.getKey(), value);
                                    }
                                });
                yield result;
            }
            case ArrayNode array -> {
                var result = JsonNodeFactory.instance.arrayNode();
                array.forEach(
                        element -> {
                            var value = resolved(element);
                            if (!value.isMissingNode()) {
                                result.add(value);
                            }
                        });
                yield result;
            }
            default -> node;
        };
    }

    private static boolean isFunction(ObjectNode object) {
        var name = object.fieldNames().next();
        return name.equals("Ref") || name.startsWith("Fn::");
    }

    private JsonNode applied(ObjectNode function) {
        var name = function.fieldNames().next();
        var with = function.get(name);
        return switch (name) {
            case "Ref" -> ref(resolved(with).asText());
            case "Fn::GetAtt" -> given(resolved(with.get(0)).asText(), with.get(1).asText());
            case "Fn::Sub" -> TextNode.valueOf(substituted(with));
            case "Fn::Join" ->
                    TextNode.valueOf(
                            StreamSupport.stream(resolved(with.get(1)).spliterator(), false)
                                    .map(JsonNode::asText)
                                    .collect(Collectors.joining(with.get(0).asText())));
            case "Fn::If" -> resolved(with.get(holds(with.get(0).asText()) ? 1 : 2));
            case "Fn::Select" ->
                    resolved(with.get(1)).get(Integer.parseInt(resolved(with.get(0)).asText()));
            case "Fn::FindInMap" -> found(resolved(with));
            case "Fn::GetAZs" -> list("eu-central-1a", "eu-central-1b", "eu-central-1c");
            case "Fn::Cidr" -> blocks(resolved(with));
            default -> throw new IllegalArgumentException("no such function is known: " + name);
        };
    }

    private JsonNode given(String id, String name) {
        return name.equals("CidrBlock")
                ? properties(id).get(name)
                : TextNode.valueOf(id + "." + name);
    }

    private JsonNode ref(String name) {
        if (name.equals("AWS::NoValue")) {
            return MissingNode.getInstance();
        }
        if (parameters.containsKey(name)) {
            return parameters.get(name);
        }
        if (PSEUDO.containsKey(name)) {
            return TextNode.valueOf(PSEUDO.get(name));
        }
        return TextNode.valueOf(reference(name));
    }

    /** What {@code Ref} of a resource gives: something that looks like it, each its own. */
    String reference(String id) {
        var made = "%08x".formatted(id.hashCode());
        return switch (type(id)) {
            case "AWS::EC2::Subnet" -> "subnet-" + made;
            case "AWS::EC2::SecurityGroup" -> "sg-" + made;
            case "AWS::SQS::Queue" -> QUEUES + id;
            default -> id;
        };
    }

    /** The resource that a reference is of; the reference itself where it is of none. */
    String referred(String reference) {
        return resources().stream()
                .filter(id -> reference(id).equals(reference))
                .findFirst()
                .orElse(reference);
    }

    private String substituted(JsonNode text) {
        return PLACEHOLDER
                .matcher(text.asText())
                .replaceAll(
                        found -> {
                            var name = found.group(1);
                            var value = name.contains(".") ? name : ref(name).asText();
                            return Matcher.quoteReplacement(value);
                        });
    }

    private JsonNode found(JsonNode path) {
        var entry =
                template.get("Mappings")
                        .path(path.get(0).asText())
                        .path(path.get(1).asText())
                        .path(path.get(2).asText());
        return entry.isMissingNode() ? path.get(3).get("DefaultValue") : entry;
    }

    /** The first of an IPv4 network's parts with so many bits of their own. */
    private static JsonNode blocks(JsonNode cidr) {
        var network = cidr.get(0).asText().split("/", -1)[0];
        int first = ByteBuffer.wrap(InetAddress.ofLiteral(network).getAddress()).getInt();
        int bits = cidr.get(2).asInt();
        var all = new ArrayList<String>();
        for (int block = 0; block < cidr.get(1).asInt(); block++) {
            var begin = ByteBuffer.allocate(Integer.BYTES).putInt(first + (block << bits));
            try {
                var address = InetAddress.getByAddress(begin.array()).getHostAddress();
                all.add(address + "/" + (Integer.SIZE - bits));
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
        return list(all.toArray(String[]::new));
    }

    private static JsonNode list(String... values) {
        return new ObjectMapper().valueToTree(values);
    }

    // --- conditions ---

    private boolean holds(String condition) {
        return decided(template.get("Conditions").get(condition));
    }

    private boolean decided(JsonNode node) {
        var name = node.fieldNames().next();
        var with = node.get(name);
        return switch (name) {
            case "Condition" -> holds(with.asText());
            case "Fn::Equals" -> resolved(with.get(0)).equals(resolved(with.get(1)));
            case "Fn::Not" -> !decided(with.get(0));
            case "Fn::And" ->
                    StreamSupport.stream(with.spliterator(), false).allMatch(this::decided);
            default -> throw new IllegalArgumentException("no such condition is known: " + name);
        };
    }
}
