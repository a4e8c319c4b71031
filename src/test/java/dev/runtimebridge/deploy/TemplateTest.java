package dev.runtimebridge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.config.ProviderSettings;
import dev.runtimebridge.config.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the template promises, of what CloudFormation makes of it. */
class TemplateTest {
    /** The most that can be sent with a request; from the CloudFormation quotas. */
    private static final int LARGEST_TEMPLATE_BYTES = 51_200;

    /** What Fargate has for each amount of CPU, MiB; from the ECS developer guide. */
    private static final Map<String, List<String>> SIZES =
            Map.of(
                    "256", List.of("512", "1024", "2048"),
                    "512", List.of("1024", "2048", "3072", "4096"),
                    "1024", List.of("2048", "3072", "4096", "5120", "6144", "7168", "8192"));

    private static final Map<String, String> LEAST =
            Map.of(
                    "BridgeHost", "bridge.example.org",
                    "GatewayHost", "run.example.org",
                    "CertificateArn", "arn:aws:acm:eu-central-1:123456789012:certificate/1",
                    "KeysArn",
                            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:keys-AbCdEf");
    private static final Map<String, String> RELEASED =
            and(LEAST, "BridgeTag", "b1", "GatewayTag", "g1", "RuntimeTag", "r1");
    private static final Map<String, String> GIVEN =
            and(
                    RELEASED,
                    "VpcId",
                    "vpc-0123456789abcdef0",
                    "PublicSubnets",
                    "subnet-0a,subnet-0b",
                    "ServiceSubnets",
                    "subnet-0c,subnet-0d",
                    "ContainerSubnets",
                    "subnet-0123456789abcdefe,subnet-0123456789abcdeff",
                    "DatabaseHost",
                    "db.example.org",
                    "DatabaseAccessArn",
                    "arn:aws:secretsmanager:eu-central-1:1:secret:db-AbCdEf");

    private static Map<String, String> and(Map<String, String> values, String... more) {
        var all = new HashMap<>(values);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Map.copyOf(all);
    }

    @Test
    void itIsSmallEnoughToBeSentWhole() throws IOException {
        assertThat(Files.size(Stack.TEMPLATE)).isLessThanOrEqualTo(LARGEST_TEMPLATE_BYTES);
    }

    @Test
    void whateverIsReferredToIsThere() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.names()).containsAll(stack.references());
    }

    @Test
    void withoutTagsThereIsEverythingThatImagesArePushedToAndNothingThatNeedsThem()
            throws IOException {
        var stack = Stack.with(LEAST);
        assertThat(stack.ofType("AWS::ECR::Repository")).hasSize(3);
        assertThat(stack.ofType("AWS::RDS::DBInstance")).hasSize(1);
        assertThat(stack.ofType("AWS::ECS::Service")).isEmpty();
        assertThat(stack.ofType("AWS::ECS::TaskDefinition")).isEmpty();
    }

    @Test
    void twoOfEachServiceRunInTwoZonesWithoutPublicAddresses() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.ofType("AWS::ECS::Service"))
                .containsExactlyInAnyOrder("BridgeService", "GatewayService")
                .allSatisfy(
                        id -> {
                            var service = stack.properties(id);
                            var network = service.at("/NetworkConfiguration/AwsvpcConfiguration");
                            assertThat(service.get("DesiredCount").asInt()).isEqualTo(2);
                            assertThat(network.get("Subnets")).hasSize(2);
                            assertThat(network.get("AssignPublicIp").asText())
                                    .isEqualTo("DISABLED");
                        });
    }

    @Test
    void aGivenNetworkAndDatabaseAreUsedInsteadOfNewOnes() throws IOException {
        var stack = Stack.with(GIVEN);
        var settings = settings(stack, "BridgeTask");
        assertThat(stack.resources())
                .noneMatch(id -> stack.type(id).matches("AWS::EC2::(VPC|Subnet|NatGateway|Route)"))
                .noneMatch(id -> stack.type(id).startsWith("AWS::RDS"));
        assertThat(settings)
                .containsEntry("DB_URI", "db.example.org")
                .containsEntry("CONTAINER_SUBNETS", GIVEN.get("ContainerSubnets"));
    }

    @ParameterizedTest
    @CsvSource({"nat, 1, 2, 0", "nat-per-zone, 2, 2, 0", "endpoints, 0, 0, 7"})
    void privateSubnetsHaveTheWayOutThatWasChosen(
            String egress, int nats, int routes, int endpoints) throws IOException {
        var stack = Stack.with(and(RELEASED, "Egress", egress));
        var privately =
                stack.ofType("AWS::EC2::Route").stream()
                        .filter(id -> stack.properties(id).has("NatGatewayId"))
                        .toList();
        var interfaces =
                stack.ofType("AWS::EC2::VPCEndpoint").stream()
                        .filter(
                                id ->
                                        stack.properties(id)
                                                .get("VpcEndpointType")
                                                .asText()
                                                .equals("Interface"))
                        .toList();
        assertThat(stack.ofType("AWS::EC2::NatGateway")).hasSize(nats);
        assertThat(privately).hasSize(routes);
        assertThat(interfaces).hasSize(endpoints);
    }

    @Test
    void everySubnetHasAddressesOfItsOwn() throws IOException {
        var stack = Stack.with(RELEASED);
        var blocks =
                stack.ofType("AWS::EC2::Subnet").stream()
                        .map(id -> stack.properties(id).get("CidrBlock").asText())
                        .toList();
        assertThat(blocks).hasSize(6).doesNotHaveDuplicates();
    }

    // --- who may talk to whom ---

    @Test
    void agentsTakeConnectionsFromBridgesAndGatewaysAlone() throws IOException {
        var stack = Stack.with(RELEASED);
        var port = settings(stack, "BridgeTask").get("AGENT_PORT");
        assertThat(ingress(stack, "ContainerGroup"))
                .containsExactlyInAnyOrder(
                        new Rule("BridgeGroup", port, port), new Rule("GatewayGroup", port, port));
    }

    @Test
    void nothingButTheLoadBalancerIsOpenToTheWorld() throws IOException {
        var stack = Stack.with(and(RELEASED, "Egress", "endpoints"));
        var open =
                stack.ofType("AWS::EC2::SecurityGroup").stream()
                        .filter(
                                group ->
                                        ingress(stack, group).stream()
                                                .anyMatch(rule -> rule.from.contains("/")))
                        .toList();
        assertThat(open).containsExactlyInAnyOrder("LoadBalancerGroup", "EndpointGroup");
        assertThat(ingress(stack, "EndpointGroup"))
                .extracting(Rule::from)
                .containsExactly("10.64.0.0/16");
        assertThat(ingress(stack, "DatabaseGroup"))
                .containsExactly(new Rule("BridgeGroup", "3306", "3306"));
        assertThat(stack.properties("Database").get("PubliclyAccessible").asBoolean()).isFalse();
    }

    @Test
    void noGroupMayReachEverything() throws IOException {
        var stack = Stack.with(and(RELEASED, "Egress", "endpoints"));
        assertThat(stack.ofType("AWS::EC2::SecurityGroup"))
                .allSatisfy(
                        group ->
                                assertThat(stack.properties(group).get("SecurityGroupEgress"))
                                        .isNotEmpty()
                                        .noneMatch(
                                                rule ->
                                                        rule.path("IpProtocol")
                                                                        .asText()
                                                                        .equals("-1")
                                                                && !rule.get("CidrIp")
                                                                        .asText()
                                                                        .startsWith("127.")));
    }

    record Rule(String from, String firstPort, String lastPort) {}

    private static Set<Rule> ingress(Stack stack, String group) {
        var within =
                StreamSupport.stream(
                                stack.properties(group).path("SecurityGroupIngress").spliterator(),
                                false)
                        .map(rule -> rule(stack, rule));
        var apart =
                stack.ofType("AWS::EC2::SecurityGroupIngress").stream()
                        .map(stack::properties)
                        .filter(rule -> rule.get("GroupId").asText().equals(stack.reference(group)))
                        .map(rule -> rule(stack, rule));
        return Stream.concat(within, apart).collect(Collectors.toSet());
    }

    private static Rule rule(Stack stack, JsonNode rule) {
        var from =
                rule.has("SourceSecurityGroupId")
                        ? rule.get("SourceSecurityGroupId")
                        : rule.get("CidrIp");
        return new Rule(
                stack.referred(from.asText()),
                rule.get("FromPort").asText(),
                rule.get("ToPort").asText());
    }

    // --- users' tasks ---

    @ParameterizedTest
    @ValueSource(strings = {"python", "node", "java", "c", "go", "shell"})
    void aUsersTaskHasNoRoleNoSecretAndASizeThatFargateHas(String language) throws IOException {
        var stack = Stack.with(and(RELEASED, "Languages", "another," + language));
        var task = stack.properties("TaskDefinition" + language);
        var container = task.get("ContainerDefinitions").get(0);
        assertThat(task.has("TaskRoleArn")).isFalse();
        assertThat(task.get("ExecutionRoleArn").asText()).isEqualTo("ExecutionRoleruntime.Arn");
        assertThat(container.has("Secrets")).isFalse();
        assertThat(container.has("Environment")).isFalse();
        assertThat(container.get("Image").asText())
                .isEqualTo(
                        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/runtime-bridge/runtime:%s-r1"
                                .formatted(language));
        assertThat(SIZES.get(task.get("Cpu").asText())).contains(task.get("Memory").asText());
    }

    @Test
    void whoWorksOnSpotHasTheWholeOfItsNotice() throws IOException {
        var onDemand = container(Stack.with(RELEASED), "TaskDefinitionpython");
        var spot = Stack.with(and(RELEASED, "ContainerCapacity", "spot"));
        assertThat(onDemand.get("StopTimeout").asInt()).isEqualTo(30);
        assertThat(container(spot, "TaskDefinitionpython").get("StopTimeout").asInt())
                .isEqualTo(120);
    }

    @Test
    void whatTheCatalogueStillNamesStaysUsableWhenAnotherTagIsReleased() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.ofType("AWS::ECS::TaskDefinition"))
                .filteredOn(id -> id.startsWith("TaskDefinition"))
                .hasSize(5)
                .allSatisfy(
                        id ->
                                assertThat(stack.attribute(id, "UpdateReplacePolicy"))
                                        .isEqualTo("Retain"));
    }

    @Test
    void serviceTasksHaveSizesThatFargateHas() throws IOException {
        var stack = Stack.with(RELEASED);
        for (var id : List.of("BridgeTask", "GatewayTask")) {
            var task = stack.properties(id);
            assertThat(SIZES.get(task.get("Cpu").asText())).contains(task.get("Memory").asText());
        }
    }

    // --- the bridge's settings ---

    @ParameterizedTest
    @CsvSource({
        "secret, JwtAlgorithm, HS256",
        "jwks, JwksUrl, https://login.example.org/keys",
        "remote, ApiUrl, https://api.example.org"
    })
    void theBridgeAcceptsWhatItIsGiven(String mode, String parameter, String value)
            throws IOException {
        for (var parameters : List.of(RELEASED, GIVEN)) {
            var stack = Stack.with(and(parameters, "AuthMode", mode, parameter, value));
            assertThat(accepted(stack).provider()).isInstanceOf(ProviderSettings.Fargate.class);
        }
    }

    @Test
    void everyVariableOfTheBridgeIsASetting() throws IOException {
        var example = Files.readString(Path.of("..", ".env.example"));
        assertThat(settings(Stack.with(RELEASED), "BridgeTask").keySet())
                .allSatisfy(name -> assertThat(example).contains("\n#" + name + "="));
    }

    @Test
    void secretsComeFromTheSecretsManagerAlone() throws IOException {
        var container = container(Stack.with(RELEASED), "BridgeTask");
        assertThat(names(container.get("Environment")))
                .noneMatch(name -> name.matches(".*(PASSWORD|SECRET|MASTER|SEALING|SIGNING).*"));
        assertThat(names(container.get("Secrets")))
                .containsExactlyInAnyOrder(
                        "SEALING_KEYS",
                        "API_KEY_MASTER",
                        "BRIDGE_SIGNING_KEY",
                        "JWT_SECRET",
                        "DB_PASSWORD");
        assertThat(container.get("Secrets"))
                .allMatch(
                        secret ->
                                secret.get("ValueFrom")
                                        .asText()
                                        .matches("arn:.+|DatabasePassword"));
    }

    @Test
    void aLaunchMayWaitAsLongAsTheBridgeLetsItEvenWhileThatIsReplaced() throws IOException {
        var stack = Stack.with(RELEASED);
        var settings = accepted(stack);
        var patience = settings.launch().patience();
        var balancer =
                attribute(
                        stack,
                        "LoadBalancer",
                        "LoadBalancerAttributes",
                        "idle_timeout.timeout_seconds");
        var drain =
                attribute(
                        stack,
                        "BridgeTargets",
                        "TargetGroupAttributes",
                        "deregistration_delay.timeout_seconds");
        assertThat(balancer).isGreaterThan(patience);
        assertThat(settings.http().idleTimeout()).isGreaterThan(balancer);
        assertThat(drain).isGreaterThan(patience);
    }

    @Test
    void agentsCallHomeToTheNameThatBridgesHave() throws IOException {
        var stack = Stack.with(RELEASED);
        var host =
                stack.properties("BridgeName").get("Name").asText()
                        + "."
                        + stack.properties("Namespace").get("Name").asText();
        assertThat(accepted(stack).http().agentBridgeUrl(0)).hasHost(host).hasPort(8080);
        assertThat(
                        stack.properties("BridgeService")
                                .at("/ServiceRegistries/0/RegistryArn")
                                .asText())
                .isEqualTo("BridgeName.Arn");
    }

    @Test
    void theLoadBalancersSubnetsAndNoOthersMayTellWhoCalls() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(accepted(stack).http().trustedProxies())
                .containsExactly(
                        stack.properties("PublicSubnetA").get("CidrBlock").asText(),
                        stack.properties("PublicSubnetB").get("CidrBlock").asText());

        assertThat(accepted(Stack.with(GIVEN)).http().trustedProxies()).isEmpty();
        var told = Stack.with(and(GIVEN, "PublicCidrs", "10.0.6.0/24,10.0.7.0/24"));
        assertThat(accepted(told).http().trustedProxies())
                .containsExactly("10.0.6.0/24", "10.0.7.0/24");
    }

    @Test
    void aBridgeWithoutItsDatabaseIsNotEndedForIt() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.properties("BridgeTargets").get("HealthCheckPath").asText())
                .isEqualTo("/healthz");
        assertThat(container(stack, "BridgeTask").at("/HealthCheck/Command/3").asText())
                .contains("/healthz");
    }

    // --- what must not be lost or overlooked ---

    @Test
    void whatCannotBeMadeAgainOutlivesTheStack() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.attribute("Database", "DeletionPolicy")).isEqualTo("Snapshot");
        assertThat(stack.attribute("Database", "UpdateReplacePolicy")).isEqualTo("Snapshot");
        assertThat(stack.properties("Database").get("DeletionProtection").asBoolean()).isTrue();
        assertThat(stack.properties("Database").get("StorageEncrypted").asBoolean()).isTrue();
        assertThat(stack.attribute("DatabasePassword", "DeletionPolicy")).isEqualTo("Retain");
        assertThat(stack.ofType("AWS::ECR::Repository"))
                .allSatisfy(
                        id ->
                                assertThat(stack.attribute(id, "DeletionPolicy"))
                                        .isEqualTo("Retain"));
    }

    @Test
    void everyAlarmTellsSomebodyAndSaysWhatItMeans() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.ofType("AWS::CloudWatch::Alarm"))
                .hasSizeGreaterThan(8)
                .allSatisfy(
                        id -> {
                            var alarm = stack.properties(id);
                            assertThat(alarm.get("AlarmActions").get(0).asText())
                                    .isEqualTo("AlarmTopic");
                            assertThat(alarm.get("AlarmDescription").asText())
                                    .hasSizeGreaterThan(20);
                        });
    }

    @Test
    void everyLogIsKeptForATimeAndNotForEver() throws IOException {
        var stack = Stack.with(RELEASED);
        assertThat(stack.ofType("AWS::Logs::LogGroup"))
                .hasSize(3)
                .allSatisfy(
                        id ->
                                assertThat(stack.properties(id).get("RetentionInDays").asInt())
                                        .isEqualTo(30));
    }

    @Test
    void onlyEventsOfTheContainersClusterAreQueued() throws IOException {
        var stack = Stack.with(RELEASED);
        var pattern = stack.properties("TaskEventRule").get("EventPattern");
        assertThat(pattern.at("/detail/clusterArn/0").asText()).isEqualTo("ContainerCluster.Arn");
        assertThat(stack.properties("TaskEventQueuePolicy").at("/PolicyDocument/Statement"))
                .singleElement()
                .satisfies(
                        statement ->
                                assertThat(
                                                statement
                                                        .at("/Condition/ArnEquals/aws:SourceArn")
                                                        .asText())
                                        .isEqualTo("TaskEventRule.Arn"));
    }

    private static Settings accepted(Stack stack) {
        var values = new HashMap<>(settings(stack, "BridgeTask"));
        for (var line : KeyMaterial.generate(new SecureRandom()).asText().lines().toList()) {
            int equals = line.indexOf('=');
            if (!line.startsWith("#")
                    && equals > 0
                    && values.containsKey(line.substring(0, equals))) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> settings;
            case Configuration.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    /** The environment of a task's container, secrets by where they come from. */
    private static Map<String, String> settings(Stack stack, String task) {
        var container = container(stack, task);
        var values = new HashMap<String, String>();
        container
                .get("Environment")
                .forEach(each -> values.put(each.get("Name").asText(), each.get("Value").asText()));
        container
                .get("Secrets")
                .forEach(
                        each ->
                                values.put(
                                        each.get("Name").asText(), each.get("ValueFrom").asText()));
        return values;
    }

    private static JsonNode container(Stack stack, String task) {
        return stack.properties(task).get("ContainerDefinitions").get(0);
    }

    private static Set<String> names(JsonNode list) {
        var names = new TreeSet<String>();
        list.forEach(each -> names.add(each.get("Name").asText()));
        return names;
    }

    private static Duration attribute(Stack stack, String id, String list, String key) {
        for (var each : stack.properties(id).get(list)) {
            if (each.get("Key").asText().equals(key)) {
                return Duration.ofSeconds(each.get("Value").asInt());
            }
        }
        throw new AssertionError(id + " does not say " + key);
    }
}
