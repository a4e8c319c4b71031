package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.Finding.State;
import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Each test breaks one thing in the emulated account and reads what the doctor says to do. */
class FargateDoctorTest {
    private static final String QUEUE =
            "https://sqs.eu-central-1.amazonaws.com/123456789012/task-events";
    private static final String GROUP = "{id: sg-agents, name: agents, ingress: %s, egress: %s}";
    private static final String AGENTS_IN =
            "[{protocol: tcp, fromPort: 8000, toPort: 8000, peer: sg-bridge}]";
    private static final String ALL_OUT =
            "[{protocol: '-1', fromPort: -1, toPort: -1, peer: 0.0.0.0/0}]";

    @AutoClose private final ScaledClock clock = new ScaledClock(1, InstantSource.system());
    @AutoClose private final StubAgents agents = new StubAgents(clock, 8000);
    @AutoClose private final Emulator aws = Emulator.start(Scenario.usual(), clock, agents, 0);

    private Network network =
            new Network(
                    List.of("subnet-a", "subnet-b"), List.of("sg-agents"), false, Reach.PRIVATE);
    private Capacity capacity = Capacity.ON_DEMAND;
    private Optional<String> container = Optional.empty();
    private Optional<URI> queue = Optional.empty();
    private URI endpoint = aws.endpoint();
    private URI bridge = URI.create("https://bridge.example.org");
    private Optional<List<Image>> images =
            Optional.of(List.of(image("workspace:1", 250, 512, Architecture.X86_64)));

    @Test
    void whereAllIsWellNothingIsToBeDoneAndNothingWasStarted() {
        queue = Optional.of(URI.create(QUEUE));
        breakIt("events: {queue: task-events}");

        var findings = examine();

        assertThat(findings).extracting(Finding::state).containsOnly(State.OK);
        assertThat(findings)
                .extracting(Finding::check)
                .containsExactly(
                        "credentials",
                        "cluster bridge",
                        "image 1 (Python 3)",
                        "subnet subnet-a",
                        "subnet subnet-a, way out",
                        "subnet subnet-b",
                        "subnet subnet-b, way out",
                        "security group sg-agents",
                        "way in to agents",
                        "way out of agents",
                        "permission ecs:RunTask",
                        "permission ecs:StopTask",
                        "permission ecs:DescribeTasks",
                        "permission ecs:ListTasks",
                        "queue " + QUEUE,
                        "permission sqs:DeleteMessage",
                        "permission ecs:TagResource",
                        "permission iam:PassRole");
        assertThat(aws.ledger().started()).isEmpty();
    }

    @Test
    void expiredCredentialsAreToBeRenewedAndNothingElseIsLookedAt() {
        breakIt("credentialsExpired: true");

        var findings = examine();

        assertThat(findings).hasSize(2);
        assertThat(findings.getFirst().check()).isEqualTo("credentials");
        assertThat(findings.getFirst().state()).isEqualTo(State.WRONG);
        assertThat(findings.getFirst().hint()).startsWith("renew them");
        assertThat(findings.getLast().detail()).startsWith("not checked");
    }

    @Test
    void whereAwsCannotBeReachedTheWayThereIsToBeLookedAt() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = URI.create("http://127.0.0.1:" + taken.getLocalPort());
        }

        assertThat(examine().getFirst().hint()).startsWith("look at the bridge's way to AWS");
    }

    @Test
    void aClusterThatIsNotThereIsToBeCreatedOrCorrected() {
        breakIt("clusters: []");
        assertWrong("cluster bridge", "there is no such cluster in eu-central-1", "CLUSTER_NAME");
    }

    @Test
    void aClusterThatWasDeletedIsNotTaken() {
        breakIt("clusters: [{name: bridge, capacityProviders: [FARGATE], active: false}]");
        assertWrong("cluster bridge", "it is INACTIVE", "create it");
    }

    @Test
    void spotNeedsItsCapacityProvider() {
        capacity = Capacity.SPOT;
        breakIt("clusters: [{name: bridge, capacityProviders: [FARGATE], active: true}]");
        assertWrong("cluster bridge", "FARGATE_SPOT", "CONTAINER_CAPACITY=on-demand");
    }

    @Test
    void aCatalogueWithoutTaskDefinitionsCannotRunOnFargate() {
        images = Optional.of(List.of(image("", 250, 512, Architecture.X86_64)));
        assertWrong(
                "images",
                "no image of the catalogue that is switched on has a task definition",
                "./bridge images change IMAGE --task-definition FAMILY:REVISION");
    }

    @Test
    void whereTheCatalogueCannotBeReadTheRestIsLookedAt() {
        images = Optional.empty();

        var findings = examine();

        assertThat(findings).noneMatch(finding -> finding.state() == State.WRONG);
        assertThat(findings)
                .filteredOn(finding -> finding.check().equals("permission ecs:RunTask"))
                .singleElement()
                .satisfies(note -> assertThat(note.detail()).startsWith("not checked"));
    }

    @Test
    void aTaskDefinitionThatIsNotThereIsToBeRegisteredOrCorrected() {
        images = Optional.of(List.of(image("workspace:9", 250, 512, Architecture.X86_64)));
        assertWrong(
                "image 1 (Python 3)",
                "there is no task definition workspace:9",
                "./bridge images change 1 --task-definition");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "active: false | workspace:1 is INACTIVE | register it anew",
                "networkMode: bridge | is not one for Fargate | awsvpc",
                "compatibilities: [EC2] | is not one for Fargate | requires FARGATE",
                "cpu: 1024 | has 1024 CPU units and 512 MiB, the catalogue says 256 and 512 |"
                        + " ./bridge images change 1 --cpu-millis 1000 --memory-mib 512",
                "memory: 1024 | has 256 CPU units and 1024 MiB | --memory-mib 1024",
                "architecture: ARM64 | is for ARM64, the catalogue says X86_64 | --architecture"
                        + " arm64",
                "taskRole: 'arn:aws:iam::123456789012:role/all' | hands the credentials of"
                        + " arn:aws:iam::123456789012:role/all to every user's programs | has no"
                        + " task role"
            })
    void aTaskDefinitionThatDoesNotFitIsToldApart(String part, String detail, String hint) {
        breakIt("definitions: [" + definition(part) + "]");
        assertWrong("image 1 (Python 3)", detail.strip(), hint.strip());
    }

    @Test
    void anImageInEcrNeedsAnExecutionRole() {
        breakIt(
                "definitions: ["
                        + definition(
                                "executionRole: '', image:"
                                    + " '123456789012.dkr.ecr.eu-central-1.amazonaws.com/python:3'")
                        + "]");
        assertWrong("image 1 (Python 3)", "no execution role", "AmazonECSTaskExecutionRolePolicy");
    }

    @Test
    void usersOnSpotShouldHaveTheWholeOfAwsNotice() {
        capacity = Capacity.SPOT;
        assertThat(examine())
                .filteredOn(finding -> finding.state() == State.NOTE)
                .singleElement()
                .satisfies(note -> assertThat(note.check()).isEqualTo("image 1 (Python 3)"))
                .satisfies(note -> assertThat(note.hint()).contains("stopTimeout of 120"));

        breakIt("definitions: [" + definition("stopTimeout: 120s") + "]");
        assertThat(examine()).extracting(Finding::state).containsOnly(State.OK);
    }

    @Test
    void theContainerOfTheAgentHasToBeThere() {
        container = Optional.of("agent");
        assertWrong("image 1 (Python 3)", "has no container agent", "TASK_CONTAINER");
    }

    @Test
    void aSubnetThatIsNotThereIsToBeCorrected() {
        network = new Network(List.of("subnet-x"), List.of("sg-agents"), false, Reach.PRIVATE);
        assertWrong("subnet subnet-x", "there is no such subnet", "CONTAINER_SUBNETS");
    }

    @Test
    void aSubnetWithoutRoomForABatchIsTooSmall() {
        breakIt("subnets: [" + subnet("a", "freeAddresses: 9") + "," + subnet("b", "") + "]");
        assertWrong("subnet subnet-a", "9 addresses are free", "larger subnets");
    }

    @Test
    void aSubnetWithoutAWayOutCannotPullImages() {
        breakIt("subnets: [" + subnet("a", "route: none") + "," + subnet("b", "") + "]");
        assertWrong(
                "subnet subnet-a, way out",
                "there is no route to 0.0.0.0/0",
                "NAT gateway, or VPC endpoints: ecr.api, ecr.dkr, logs, s3 are missing");
    }

    @Test
    void aRouteWhoseGatewayWasDeletedLeadsNowhere() {
        breakIt("subnets: [" + subnet("a", "route: gone") + "," + subnet("b", "") + "]");
        assertWrong(
                "subnet subnet-a, way out",
                "the gateway that 0.0.0.0/0 leads to is gone",
                "add a route to a NAT gateway");
    }

    @Test
    void vpcEndpointsAreAWayOutToo() {
        var none = "subnets: [" + subnet("a", "route: none") + "," + subnet("b", "") + "]\n";
        breakIt(none + endpoints("ecr.api", "ecr.dkr", "s3"));
        assertWrong("subnet subnet-a, way out", "there is no route", "VPC endpoints: logs are");

        breakIt(none + endpoints("ecr.api", "ecr.dkr", "s3", "logs"));
        assertThat(examine()).extracting(Finding::state).containsOnly(State.OK);
    }

    @Test
    void aSubnetWithoutATableOfItsOwnGoesByTheMainOne() {
        breakIt("subnets: [" + subnet("a", "route: main") + "," + subnet("b", "") + "]");
        assertThat(examine()).extracting(Finding::state).containsOnly(State.OK);
    }

    @Test
    void behindAnInternetGatewayContainersNeedAPublicAddress() {
        breakIt("subnets: [" + subnet("a", "route: internet") + "," + subnet("b", "") + "]");
        assertWrong(
                "subnet subnet-a, way out",
                "get no public address",
                "set CONTAINER_PUBLIC_IP=true");
    }

    @Test
    void publicAddressesNeedAnInternetGateway() {
        network = new Network(List.of("subnet-a"), List.of("sg-agents"), true, Reach.PUBLIC);
        assertWrong(
                "subnet subnet-a, way out",
                "cannot be reached at public addresses",
                "CONTAINER_ADDRESS=private");
    }

    @Test
    void aSecurityGroupThatIsNotThereIsToBeCorrected() {
        network = new Network(List.of("subnet-a"), List.of("sg-x"), false, Reach.PRIVATE);
        assertWrong("security group sg-x", "there is no such security group", "CONTAINER_SECURITY");
    }

    @Test
    void aSecurityGroupOfAnotherNetworkIsToldApart() {
        breakIt(groups(AGENTS_IN, ALL_OUT).replace("name:", "vpc: vpc-other, name:"));
        assertWrong(
                "security group sg-agents",
                "it is in vpc-other, the subnets are in vpc-bridge",
                "of one VPC");
    }

    @Test
    void somebodyHasToReachTheAgents() {
        breakIt(groups("[{protocol: tcp, fromPort: 22, toPort: 22, peer: sg-bridge}]", ALL_OUT));
        assertWrong(
                "way in to agents", "lets anybody reach TCP port 8000", "of the bridge and the");
    }

    @Test
    void notEverybodyMayReachTheAgents() {
        breakIt(groups("[{protocol: tcp, fromPort: 0, toPort: 65535, peer: 0.0.0.0/0}]", ALL_OUT));
        assertWrong("way in to agents", "let everybody reach TCP port 8000", "alone");
    }

    @Test
    void containersHaveToGetOutForTheirImage() {
        breakIt(groups(AGENTS_IN, "[{protocol: tcp, fromPort: 80, toPort: 80, peer: 0.0.0.0/0}]"));
        assertWrong("way out of agents", "to TCP port 443", "images are pulled over it");
    }

    @Test
    void containersHaveToGetOutToTheBridge() {
        bridge = URI.create("http://bridge.internal:8080");
        breakIt(
                groups(
                        AGENTS_IN,
                        "[{protocol: tcp, fromPort: 443, toPort: 443, peer: 0.0.0.0/0}]"));
        assertWrong("way out of agents", "to TCP port 8080", "AGENT_BRIDGE_URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ecs:RunTask",
                "ecs:StopTask",
                "ecs:DescribeTasks",
                "ecs:ListTasks",
                "ecs:TagResource",
                "iam:PassRole",
                "ec2:DescribeNetworkInterfaces",
                "sqs:DeleteMessage"
            })
    void aPermissionThatIsMissingIsToBeGranted(String action) {
        network = new Network(List.of("subnet-a"), List.of("sg-agents"), true, Reach.PUBLIC);
        queue = Optional.of(URI.create(QUEUE));
        breakIt(
                "denied: ['"
                        + action
                        + "']\nevents: {queue: task-events}\nsubnets: ["
                        + subnet("a", "route: internet")
                        + "]");
        assertWrong("permission " + action, action, "grant " + action);
        assertThat(aws.ledger().started()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ecs:DescribeTaskDefinition, image 1 (Python 3)",
        "sqs:ReceiveMessage, queue " + QUEUE
    })
    void whatTheBridgeLooksUpItselfItMustBeAllowedTo(String action, String check) {
        queue = Optional.of(URI.create(QUEUE));
        breakIt("denied: ['" + action + "']\nevents: {queue: task-events}");
        assertThat(examine())
                .filteredOn(finding -> finding.state() == State.WRONG)
                .singleElement()
                .satisfies(wrong -> assertThat(wrong.check()).isEqualTo(check))
                .satisfies(wrong -> assertThat(wrong.hint()).startsWith("grant " + action));
    }

    @Test
    void aQueueThatIsNotThereIsToBeCorrectedOrLeftOut() {
        queue = Optional.of(URI.create(QUEUE));
        assertWrong("queue " + QUEUE, "there is no such queue", "EVENTS_QUEUE_URL");
    }

    @ParameterizedTest
    @CsvSource({
        "ecs:DescribeClusters, cluster bridge",
        "ec2:DescribeSubnets, subnet subnet-a",
        "ec2:DescribeRouteTables, 'subnet subnet-a, way out'",
        "ec2:DescribeSecurityGroups, security group sg-agents",
        "iam:SimulatePrincipalPolicy, permission ecs:TagResource"
    })
    void whatOnlyTheDoctorWantsToKnowIsNoFault(String action, String check) {
        breakIt("denied: ['" + action + "']");

        var findings = examine();

        assertThat(findings).noneMatch(finding -> finding.state() == State.WRONG);
        assertThat(findings)
                .filteredOn(finding -> finding.check().equals(check))
                .singleElement()
                .satisfies(note -> assertThat(note.state()).isEqualTo(State.NOTE))
                .satisfies(note -> assertThat(note.detail()).startsWith("not checked: "))
                .satisfies(
                        note ->
                                assertThat(note.hint())
                                        .isEqualTo("allow " + action + " to whoever runs this"));
    }

    private void breakIt(String part) {
        aws.script().change(scenario -> Scenario.usual().with(part));
    }

    private List<Finding> examine() {
        var settings =
                new FargateSettings(
                        "bridge",
                        "eu-central-1",
                        Optional.of(endpoint),
                        Optional.of(
                                new AccessKey("AKIAEMULATED", new Secret("x"), Optional.empty())),
                        network,
                        capacity,
                        "test",
                        container,
                        queue,
                        Duration.ofSeconds(5),
                        Quotas.DEFAULTS);
        var findings = new ArrayList<Finding>();
        try (var doctor = new FargateDoctor(settings, 8000, bridge)) {
            doctor.examine(images, findings::add);
        }
        return findings;
    }

    private void assertWrong(String check, String detail, String hint) {
        assertThat(examine())
                .filteredOn(finding -> finding.state() == State.WRONG)
                .singleElement()
                .satisfies(wrong -> assertThat(wrong.check()).isEqualTo(check))
                .satisfies(wrong -> assertThat(wrong.detail()).contains(detail))
                .satisfies(wrong -> assertThat(wrong.hint()).contains(hint));
    }

    private static Image image(
            String taskDefinition, int cpuMillis, int memoryMebibytes, Architecture architecture) {
        return new Image(
                new ImageId(1),
                "Python 3",
                "python",
                1,
                new Image.Run("python3", "", taskDefinition),
                new Image.Size(cpuMillis, memoryMebibytes, architecture),
                true);
    }

    /** The usual one with another part; YAML takes the last of two values. */
    private static String definition(String part) {
        var usual =
                List.of(
                        "family: workspace",
                        "revision: 1",
                        "container: workspace",
                        "image: registry.example/workspace:1",
                        "cpu: 256",
                        "memory: 512",
                        "architecture: X86_64",
                        "networkMode: awsvpc",
                        "compatibilities: [FARGATE]",
                        "taskRole: ''",
                        "executionRole: 'arn:aws:iam::123456789012:role/execution'",
                        "environment: {}",
                        "stopTimeout: 30s",
                        "active: true");
        return merged(usual, part);
    }

    private static String subnet(String letter, String part) {
        var usual =
                List.of(
                        "id: subnet-" + letter,
                        "zone: eu-central-1a",
                        "cidr: " + (letter.equals("a") ? "10.0.0.0/20" : "10.0.16.0/20"),
                        "freeAddresses: 100",
                        "capacity: -1",
                        "spotCapacity: -1",
                        "route: nat",
                        "publicIps: true");
        return merged(usual, part);
    }

    private static String merged(List<String> usual, String part) {
        var parts = new ArrayList<String>();
        var others = part.isEmpty() ? List.<String>of() : List.of(part.split(", (?=[a-zA-Z]+:)"));
        usual.stream()
                .filter(
                        each ->
                                others.stream()
                                        .noneMatch(
                                                other ->
                                                        other.startsWith(
                                                                each.substring(
                                                                        0, each.indexOf(':') + 1))))
                .forEach(parts::add);
        parts.addAll(others);
        return "{" + String.join(", ", parts) + "}";
    }

    private static String endpoints(String... services) {
        var all = new ArrayList<String>();
        for (var service : services) {
            all.add("com.amazonaws.eu-central-1." + service);
        }
        return "vpcEndpoints: [" + String.join(", ", all) + "]";
    }

    private static String groups(String ingress, String egress) {
        return "securityGroups: [" + GROUP.formatted(ingress, egress) + "]";
    }
}
