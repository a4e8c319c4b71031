package dev.runtimebridge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a template, its short forms written out: {@code !Ref X} as {@code {"Ref": "X"}}. */
final class CloudFormationYaml extends SafeConstructor {
    private CloudFormationYaml() {
        super(new LoaderOptions());
        yamlMultiConstructors.put("!", new ShortForm());
    }

    static JsonNode read(Path file) throws IOException {
        Object tree = new Yaml(new CloudFormationYaml()).load(Files.readString(file));
        return new ObjectMapper().valueToTree(tree);
    }

    private final class ShortForm extends AbstractConstruct {
        @Override
        public Object construct(Node node) {
            var name = node.getTag().getValue().substring(1);
            return switch (name) {
                case "Ref", "Condition" -> Map.of(name, value(node));
                case "GetAtt" -> Map.of("Fn::GetAtt", attribute(value(node)));
                default -> Map.of("Fn::" + name, value(node));
            };
        }

        private Object value(Node node) {
            return switch (node) {
                case ScalarNode scalar -> constructScalar(scalar);
                case SequenceNode sequence -> constructSequence(sequence);
                case MappingNode mapping -> constructMapping(mapping);
                default -> throw new IllegalArgumentException("no alias can be read: " + node);
            };
        }

        private static Object attribute(Object value) {
            return value instanceof String text ? List.of(text.split("\\.", 2)) : value;
        }
    }
}
