package dev.runtimebridge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaMethodReference;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.runtimebridge.provider.fargate.FargateProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The template's roles may do what their work needs and nothing else. */
class PermissionsTest {
    private static final JavaClasses FARGATE =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages("dev.runtimebridge.provider.fargate");

    /** Methods of the SDK's clients that are no calls to AWS. */
    private static final Set<String> NO_CALLS =
            Set.of("builder", "create", "close", "serviceName", "serviceClientConfiguration");

    /** Answered whatever the policies say; from the IAM user guide, GetCallerIdentity. */
    private static final Set<String> NEEDS_NO_PERMISSION = Set.of("sts:GetCallerIdentity");

    /**
     * Actions that know no resources, or only the cluster; from the service authorization pages.
     */
    private static final Set<String> KNOW_NO_RESOURCES =
            Set.of(
                    "ecr:GetAuthorizationToken",
                    "ecs:ListTasks",
                    "ecs:DescribeTaskDefinition",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeRouteTables",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcEndpoints");

    private static Stack stack;

    @BeforeAll
    static void readTheTemplate() throws IOException {
        stack =
                Stack.with(
                        Map.of(
                                "BridgeHost", "bridge.example.org",
                                "GatewayHost", "run.example.org",
                                "CertificateArn", "arn:aws:acm:eu-central-1:1:certificate/1",
                                "KeysArn", "arn:aws:secretsmanager:eu-central-1:1:secret:keys",
                                "BridgeTag", "b1",
                                "GatewayTag", "g1",
                                "RuntimeTag", "r1"));
    }

    @Test
    void theBridgeMayDoExactlyWhatItsCodeCalls() {
        assertThat(actions(role("BridgeTask", "TaskRoleArn"))).isEqualTo(needed(serving()));
    }

    @Test
    void theDoctorMayTryTheSameAndLookAtWhatItLooksAt() {
        assertThat(actions("DoctorRole")).isEqualTo(needed(FARGATE.stream()));
    }

    @Test
    void theBridgeActsOnTheContainersClusterAlone() {
        for (var statement : statements(role("BridgeTask", "TaskRoleArn"))) {
            var ofEcs = actions(List.of(statement)).stream().filter(a -> a.startsWith("ecs:"));
            var conditions = statement.path("Condition").toString();
            assertThat(ofEcs.filter(action -> !action.equals("ecs:DescribeTaskDefinition")))
                    .allSatisfy(
                            action ->
                                    assertThat(conditions + resources(statement))
                                            .as(action)
                                            .contains("ContainerCluster"));
        }
    }

    @Test
    void theBridgePassesNoRoleButTheContainersExecutionRoleAndToTasksOnly() {
        var passing =
                statements(role("BridgeTask", "TaskRoleArn")).stream()
                        .filter(s -> actions(List.of(s)).contains("iam:PassRole"))
                        .toList();
        assertThat(passing).hasSize(1);
        assertThat(resources(passing.getFirst())).containsExactly("ExecutionRoleruntime.Arn");
        assertThat(passing.getFirst().at("/Condition/StringEquals/iam:PassedToService").asText())
                .isEqualTo("ecs-tasks.amazonaws.com");
    }

    @Test
    void executionRolesPullTheImagesAndWriteTheLogOfTheirOwnPart() {
        for (var part : List.of("bridge", "gateway", "runtime")) {
            var statements = statements("ExecutionRole" + part);
            assertThat(resourcesOf(statements, "ecr:BatchGetImage"))
                    .containsExactly("Repository" + part + ".Arn");
            assertThat(resourcesOf(statements, "logs:PutLogEvents"))
                    .containsExactly("Log" + part + ".Arn");
            assertThat(actions(statements))
                    .filteredOn(action -> !action.startsWith("secretsmanager:"))
                    .containsExactlyInAnyOrder(
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:BatchGetImage",
                            "logs:CreateLogStream",
                            "logs:PutLogEvents");
        }
    }

    @Test
    void secretsAreReadForTheBridgeAndTheGatewaysKeyForGateways() {
        var readers =
                stack.ofType("AWS::IAM::Role").stream()
                        .filter(
                                role ->
                                        actions(statements(role))
                                                .contains("secretsmanager:GetSecretValue"))
                        .toList();
        assertThat(readers)
                .containsExactlyInAnyOrder("ExecutionRolebridge", "ExecutionRolegateway");
        assertThat(resourcesOf(statements("ExecutionRolebridge"), "secretsmanager:GetSecretValue"))
                .containsExactlyInAnyOrder(
                        "arn:aws:secretsmanager:eu-central-1:1:secret:keys", "DatabasePassword");
        assertThat(resourcesOf(statements("ExecutionRolegateway"), "secretsmanager:GetSecretValue"))
                .containsExactly("arn:aws:secretsmanager:eu-central-1:1:secret:keys");
        assertThat(stack.properties("GatewayTask").at("/ContainerDefinitions/0/Secrets"))
                .singleElement()
                .satisfies(
                        secret ->
                                assertThat(secret.get("ValueFrom").asText())
                                        .endsWith(":GATEWAY_KEY::"));
    }

    @Test
    void gatewaysHaveNoRole() {
        assertThat(stack.properties("GatewayTask").has("TaskRoleArn")).isFalse();
    }

    @Test
    void noPermissionIsWiderThanItsActionCanBeNarrowed() {
        for (var role : stack.ofType("AWS::IAM::Role")) {
            for (var statement : statements(role)) {
                assertThat(actions(List.of(statement))).noneMatch(action -> action.contains("*"));
                if (resources(statement).contains("*")) {
                    assertThat(KNOW_NO_RESOURCES).containsAll(actions(List.of(statement)));
                }
            }
        }
    }

    @Test
    void onlyTasksOfThisAccountTakeARole() {
        assertThat(stack.ofType("AWS::IAM::Role"))
                .hasSize(5)
                .allSatisfy(
                        role -> {
                            var trust =
                                    stack.properties(role)
                                            .at("/AssumeRolePolicyDocument/Statement");
                            assertThat(trust).hasSize(1);
                            assertThat(trust.get(0).at("/Principal/Service").asText())
                                    .isEqualTo("ecs-tasks.amazonaws.com");
                            assertThat(
                                            trust.get(0)
                                                    .at("/Condition/StringEquals/aws:SourceAccount")
                                                    .asText())
                                    .isEqualTo("123456789012");
                        });
    }

    @Test
    void endpointsLeadToEveryServiceThatTheCodeCalls() throws IOException {
        var services =
                needed(serving()).stream()
                        .map(action -> action.substring(0, action.indexOf(':')))
                        .filter(service -> !service.equals("iam")) // passing a role is no call
                        .collect(Collectors.toCollection(TreeSet::new));
        services.addAll(Set.of("ecr.api", "ecr.dkr", "logs", "secretsmanager"));
        var closed = Stack.with(given("Egress", "endpoints"));
        var reached =
                closed.ofType("AWS::EC2::VPCEndpoint").stream()
                        .map(closed::properties)
                        .filter(p -> p.get("VpcEndpointType").asText().equals("Interface"))
                        .map(p -> p.get("ServiceName").asText())
                        .map(name -> name.replace("com.amazonaws.eu-central-1.", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(reached).isEqualTo(services);
    }

    private static Map<String, String> given(String parameter, String value) {
        return Map.of(
                "BridgeHost",
                "bridge.example.org",
                "GatewayHost",
                "run.example.org",
                "CertificateArn",
                "arn:aws:acm:eu-central-1:1:certificate/1",
                "KeysArn",
                "arn:aws:secretsmanager:eu-central-1:1:secret:keys",
                parameter,
                value);
    }

    // --- what the code calls ---

    /** The classes that the provider is made of, which the doctor's are not among. */
    private static Stream<JavaClass> serving() {
        var reached = new LinkedHashSet<JavaClass>();
        var next = new ArrayDeque<>(List.of(FARGATE.get(FargateProvider.class)));
        while (!next.isEmpty()) {
            var from = next.remove();
            if (reached.add(from)) {
                from.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .map(JavaClass::getName)
                        .filter(FARGATE::contain)
                        .map(FARGATE::get)
                        .forEach(next::add);
            }
        }
        return reached.stream();
    }

    /** What IAM must allow for the calls that are in these classes' byte code. */
    private static Set<String> needed(Stream<JavaClass> classes) {
        var needed = new TreeSet<String>();
        classes.forEach(
                from ->
                        Stream.concat(
                                        from.getMethodCallsFromSelf().stream()
                                                .map(JavaMethodCall::getTarget),
                                        from.getMethodReferencesFromSelf().stream()
                                                .map(JavaMethodReference::getTarget))
                                .forEach(target -> needed.addAll(permissions(target))));
        needed.removeAll(NEEDS_NO_PERMISSION);
        return needed;
    }

    private static List<String> permissions(CodeUnitAccessTarget target) {
        if (target.getOwner().isEquivalentTo(RunTaskRequest.Builder.class)
                && target.getName().equals("tags")) {
            return List.of("ecs:TagResource");
        }
        if (!target.getOwner().isAssignableTo(SdkClient.class)
                || NO_CALLS.contains(target.getName())) {
            return List.of();
        }
        var permissions = new ArrayList<String>();
        permissions.add(service(target.getOwner()) + ":" + action(target.getName()));
        if (target.getName().equals("runTask")) {
            permissions.add("iam:PassRole"); // the execution role of the task definition
        }
        return permissions;
    }

    /** Pages and batches are permitted by the action that they are made of. */
    private static String action(String method) {
        var action = Character.toUpperCase(method.charAt(0)) + method.substring(1);
        return action.replaceFirst("(Paginator|(?<=Message)Batch)$", "");
    }

    private static String service(JavaClass client) {
        try {
            return (String) client.reflect().getField("SERVICE_NAME").get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(client.getName() + " does not say its service's name", e);
        }
    }

    // --- what the template allows ---

    private static String role(String task, String property) {
        return stack.properties(task).get(property).asText().replaceFirst("\\.Arn$", "");
    }

    private static Set<String> actions(String role) {
        return actions(statements(role));
    }

    private static Set<String> actions(List<JsonNode> statements) {
        return statements.stream()
                .flatMap(statement -> texts(statement.get("Action")).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> resources(JsonNode statement) {
        return texts(statement.get("Resource"));
    }

    private static List<String> resourcesOf(List<JsonNode> statements, String action) {
        return statements.stream()
                .filter(statement -> actions(List.of(statement)).contains(action))
                .flatMap(statement -> resources(statement).stream())
                .toList();
    }

    /** Of the role itself and of policies that name it. */
    private static List<JsonNode> statements(String role) {
        var statements = new ArrayList<JsonNode>();
        stack.properties(role)
                .path("Policies")
                .forEach(policy -> policy.at("/PolicyDocument/Statement").forEach(statements::add));
        for (var policy : stack.ofType("AWS::IAM::Policy")) {
            if (texts(stack.properties(policy).get("Roles")).contains(role)) {
                stack.properties(policy).at("/PolicyDocument/Statement").forEach(statements::add);
            }
        }
        assertThat(statements).as("what %s may do", role).isNotEmpty();
        assertThat(statements)
                .allMatch(statement -> statement.get("Effect").asText().equals("Allow"));
        return statements;
    }

    private static List<String> texts(JsonNode oneOrMore) {
        if (!oneOrMore.isArray()) {
            return List.of(oneOrMore.asText());
        }
        var texts = new ArrayList<String>();
        oneOrMore.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
