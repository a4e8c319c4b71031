package dev.runtimebridge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.testing.NodeScripts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What AWS's own validator says of the template; it knows every resource's schema. */
class TemplateCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Given, since the validator takes what is empty by default for wrong where it is not used. */
    private static final Map<String, String> PARAMETERS =
            Map.ofEntries(
                    Map.entry("BridgeTag", "1"),
                    Map.entry("GatewayTag", "1"),
                    Map.entry("RuntimeTag", "1"),
                    Map.entry("BridgeHost", "bridge.example.org"),
                    Map.entry("GatewayHost", "run.example.org"),
                    Map.entry("HostedZoneId", "Z0123456789ABCDEFGHIJ"),
                    Map.entry("AlarmEmail", "operator@example.org"),
                    Map.entry("VpcId", "vpc-0a1b2c3d"),
                    Map.entry("PublicSubnets", "subnet-0a1b2c3d,subnet-1a1b2c3d"),
                    Map.entry("ServiceSubnets", "subnet-2a1b2c3d,subnet-3a1b2c3d"),
                    Map.entry("ContainerSubnets", "subnet-4a1b2c3d,subnet-5a1b2c3d"),
                    Map.entry("DatabaseHost", "db.example.org"),
                    Map.entry(
                            "DatabaseAccessArn",
                            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"));

    /**
     * RDS takes a major version and chooses the newest minor one; the validator only knows whole
     * ones. A whole one would be refused at the stack's next change, once RDS has upgraded it.
     */
    private static final Finding ONLY_A_MAJOR_VERSION = new Finding("E9006", "Database");

    record Finding(String rule, String where) {}

    @Test
    void theTemplateIsWhatAwsUnderstands() throws Exception {
        assertThat(check(Stack.TEMPLATE)).containsExactly(ONLY_A_MAJOR_VERSION);
    }

    @Test
    void aMistypedPropertyAndALostReferenceAreFound(@TempDir Path folder) throws Exception {
        var text = Files.readString(Stack.TEMPLATE);
        var broken = folder.resolve("broken.yaml");
        Files.writeString(
                broken,
                text.replace("      DesiredCount: 2\n", "      DesiredCuont: 2\n")
                        .replace("AlarmActions: [!Ref AlarmTopic]", "AlarmActions: [!Ref Alarm]"));
        assertThat(check(broken))
                .contains(new Finding("F3002", "BridgeService"))
                .extracting(Finding::where)
                .contains("AlarmSevere");
    }

    private static List<Finding> check(Path template) throws IOException, InterruptedException {
        var scripts =
                NodeScripts.installed(
                        Path.of("test", "js", "template"),
                        Path.of("..", "target", "bridge", "template-check"));
        var process =
                new ProcessBuilder(
                                "node",
                                scripts.resolve("check.js").toString(),
                                template.toString(),
                                JSON.writeValueAsString(PARAMETERS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var findings = new ArrayList<Finding>();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode found = JSON.readTree(line);
                System.out.println("found in " + template.getFileName() + ": " + line);
                findings.add(new Finding(found.get("rule").asText(), found.get("where").asText()));
            }
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
        return findings;
    }
}
