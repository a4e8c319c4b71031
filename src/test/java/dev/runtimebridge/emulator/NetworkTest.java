package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

import java.util.List;
import java.util.function.Consumer;

/** EC2 as the real SDK sees it. */
class NetworkTest {
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());
    private Ec2Client ec2;

    @BeforeEach
    void connect() {
        ec2 = aws.client(Ec2Client.builder()).build();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void aPublicAddressIsTheInterfacesAssociation() {
        var id = interfaceOf(start(AssignPublicIp.ENABLED));

        var found = describe(it -> it.networkInterfaceIds(id)).getFirst();

        assertThat(found.association().publicIp()).startsWith("127.66.");
        assertThat(found.privateIpAddress()).startsWith("127.65.");
        assertThat(found.subnetId()).isEqualTo("subnet-a");
    }

    @Test
    void withoutAPublicAddressThereIsNoAssociation() {
        aws.emulator.script().add(Fate.of(Fate.Kind.NO_PUBLIC_IP, 1));
        var id = interfaceOf(start(AssignPublicIp.ENABLED));
        var asked = interfaceOf(start(AssignPublicIp.DISABLED));

        assertThat(describe(it -> it.networkInterfaceIds(id, asked)))
                .allSatisfy(each -> assertThat(each.association()).isNull());
    }

    @Test
    void anInterfaceGoesWithItsTask() {
        var arn = start(AssignPublicIp.DISABLED);
        var id = interfaceOf(arn);
        aws.ecs().stopTask(which -> which.cluster("bridge").task(arn));
        aws.pass("10s");

        assertThatThrownBy(() -> describe(it -> it.networkInterfaceIds(id)))
                .isInstanceOfSatisfying(
                        Ec2Exception.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode())
                                        .isEqualTo("InvalidNetworkInterfaceID.NotFound"));
    }

    @Test
    void interfacesAreFilteredAndPaged() {
        for (int task = 0; task < 7; task++) {
            start(AssignPublicIp.DISABLED);
        }
        var inA = Filter.builder().name("subnet-id").values("subnet-a", "subnet-x").build();
        var inB = Filter.builder().name("subnet-id").values("subnet-b").build();

        assertThat(describe(it -> it.filters(inA))).hasSize(7);
        assertThat(describe(it -> it.filters(inA, inB))).isEmpty();
        assertThat(
                        ec2.describeNetworkInterfacesPaginator(it -> it.maxResults(5))
                                .networkInterfaces())
                .hasSize(7);
    }

    @Test
    void plainCallsHaveASmallerBucketThanNarrowedOnes() {
        for (int call = 0; call < 50; call++) {
            describe(_ -> {});
        }

        assertThatThrownBy(() -> describe(_ -> {}))
                .isInstanceOfSatisfying(
                        Ec2Exception.class,
                        refused -> {
                            assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("RequestLimitExceeded");
                            assertThat(refused.isThrottlingException()).isTrue();
                        });
        assertThat(describe(it -> it.maxResults(5))).isEmpty();
    }

    @Test
    void subnetsTellTheirFreeAddressesAndRoutesLeadOut() {
        start(AssignPublicIp.DISABLED);

        var subnet = ec2.describeSubnets(it -> it.subnetIds("subnet-a")).subnets().getFirst();
        var table =
                ec2.describeRouteTables(
                                it ->
                                        it.filters(
                                                Filter.builder()
                                                        .name("association.subnet-id")
                                                        .values("subnet-a")
                                                        .build()))
                        .routeTables()
                        .getFirst();

        assertThat(subnet.availableIpAddressCount()).isEqualTo(59_999);
        assertThat(table.routes().getLast().destinationCidrBlock()).isEqualTo("0.0.0.0/0");
        assertThat(table.routes().getLast().natGatewayId()).startsWith("nat-");
        assertThat(table.associations().getFirst().subnetId()).isEqualTo("subnet-a");
    }

    @Test
    void aSubnetWithoutATableHasTheMainOne() {
        aws.emulator
                .script()
                .change(
                        now ->
                                now.with(
                                        """
                                        subnets:
                                          - {id: subnet-a, zone: a, cidr: 10.0.0.0/20, freeAddresses: 9, capacity: -1,
                                             spotCapacity: -1, route: main, publicIps: true}
                                        """));

        assertThat(ec2.describeRouteTables(_ -> {}).routeTables())
                .singleElement()
                .satisfies(table -> assertThat(table.associations().getFirst().main()).isTrue());
    }

    @Test
    void securityGroupsTellTheirRules() {
        var group =
                ec2.describeSecurityGroups(it -> it.groupIds("sg-agents"))
                        .securityGroups()
                        .getFirst();

        assertThat(group.ipPermissions().getFirst().fromPort()).isEqualTo(8000);
        assertThat(group.ipPermissionsEgress().getFirst().ipRanges().getFirst().cidrIp())
                .isEqualTo("0.0.0.0/0");
    }

    @Test
    void vpcEndpointsAreListed() {
        aws.emulator
                .script()
                .change(now -> now.with("vpcEndpoints: [com.amazonaws.eu-central-1.ecr.dkr]"));

        assertThat(ec2.describeVpcEndpoints(_ -> {}).vpcEndpoints().getFirst().serviceName())
                .endsWith("ecr.dkr");
    }

    @Test
    void aDryRunSaysWhetherItWouldBeAllowed() {
        assertThatThrownBy(() -> ec2.describeSubnets(it -> it.dryRun(true)))
                .hasMessageContaining("Request would have succeeded");
        aws.emulator.script().change(now -> now.with("denied: ['ec2:DescribeSubnets']"));
        assertThatThrownBy(() -> ec2.describeSubnets(it -> it.dryRun(true)))
                .isInstanceOfSatisfying(
                        Ec2Exception.class,
                        refused -> {
                            assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("UnauthorizedOperation");
                            assertThat(refused.statusCode()).isEqualTo(403);
                        });
    }

    @Test
    void expiredCredentialsHaveEc2sOwnName() {
        aws.emulator.script().change(now -> now.with("credentialsExpired: true"));

        assertThatThrownBy(() -> describe(_ -> {}))
                .isInstanceOfSatisfying(
                        Ec2Exception.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode())
                                        .isEqualTo("RequestExpired"));
    }

    private List<NetworkInterface> describe(
            Consumer<DescribeNetworkInterfacesRequest.Builder> which) {
        return ec2.describeNetworkInterfaces(which).networkInterfaces();
    }

    private String start(AssignPublicIp publicIp) {
        var arn =
                aws.ecs()
                        .runTask(
                                EmulatedAws.run(
                                        it ->
                                                it.networkConfiguration(
                                                        network ->
                                                                network.awsvpcConfiguration(
                                                                        vpc ->
                                                                                vpc.subnets(
                                                                                                "subnet-a")
                                                                                        .assignPublicIp(
                                                                                                publicIp)))))
                        .tasks()
                        .getFirst()
                        .taskArn();
        aws.pass("4s");
        return arn;
    }

    private String interfaceOf(String arn) {
        return EmulatedAws.describe(aws.ecs(), arn).attachments().getFirst().details().stream()
                .filter(detail -> detail.name().equals("networkInterfaceId"))
                .map(KeyValuePair::value)
                .findFirst()
                .orElseThrow();
    }
}
