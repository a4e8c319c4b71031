package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.script.SecurityGroup;
import dev.runtimebridge.emulator.script.Subnet;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The actions of EC2 that are emulated: those that describe a network. Source: the EC2 API
 * reference, action by action; dry runs: "Dry run" of its common parameters.
 */
final class Ec2Actions implements QueryActions {
    private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
    private static final int PRECONDITION_FAILED = 412;

    private final Region region;
    private final NetworkInterfaces interfaces;

    Ec2Actions(Region region) {
        this.region = region;
        this.interfaces = new NetworkInterfaces(region);
    }

    @Override
    public String service() {
        return "ec2";
    }

    @Override
    public boolean admits(String action, QueryParameters request) {
        boolean narrowed =
                !request.filters().isEmpty()
                        || request.number("MaxResults").isPresent()
                        || !request.text("NextToken").isEmpty();
        return region.admitsEc2(action, narrowed);
    }

    @Override
    public String answer(String action, QueryParameters request) {
        if (request.flag("DryRun")) {
            throw new AwsException(
                    PRECONDITION_FAILED,
                    "DryRunOperation",
                    "Request would have succeeded, but DryRun flag is set.");
        }
        return switch (action) {
            case "DescribeNetworkInterfaces" ->
                    document(
                            action,
                            interfaces.find(request),
                            request,
                            "networkInterfaceSet",
                            interfaces::write);
            case "DescribeSubnets" ->
                    document(action, subnets(request), request, "subnetSet", this::write);
            case "DescribeSecurityGroups" ->
                    document(action, groups(request), request, "securityGroupInfo", this::write);
            case "DescribeRouteTables" ->
                    document(action, tables(request), request, "routeTableSet", this::write);
            case "DescribeVpcEndpoints" ->
                    document(
                            action,
                            endpoints(request),
                            request,
                            "vpcEndpointSet",
                            this::writeEndpoint);
            default ->
                    throw AwsException.client(
                            "InvalidAction",
                            "The action " + action + " is not valid for this web service.");
        };
    }

    private List<Subnet> subnets(QueryParameters request) {
        var filters =
                new Filters<Subnet>(
                        Map.of(
                                "subnet-id", it -> Stream.of(it.id()),
                                "vpc-id", _ -> Stream.of(vpc()),
                                "availability-zone", it -> Stream.of(it.zone())));
        return Filters.named(
                        request.list("SubnetId"),
                        region.scenario().subnets(),
                        Subnet::id,
                        "InvalidSubnetID.NotFound",
                        "The subnet ID '%s' does not exist")
                .stream()
                .filter(filters.of(request))
                .toList();
    }

    private void write(Xml xml, Subnet subnet) {
        xml.text("subnetId", subnet.id())
                .text("state", "available")
                .text("vpcId", vpc())
                .text("cidrBlock", subnet.cidr())
                .text("availableIpAddressCount", region.freeAddresses(subnet))
                .text("availabilityZone", subnet.zone())
                .text("defaultForAz", false)
                .text("mapPublicIpOnLaunch", subnet.route() == Subnet.Route.INTERNET)
                .text("ownerId", region.scenario().account());
    }

    private List<SecurityGroup> groups(QueryParameters request) {
        var filters =
                new Filters<SecurityGroup>(
                        Map.of(
                                "group-id", it -> Stream.of(it.id()),
                                "group-name", it -> Stream.of(it.name()),
                                "vpc-id", it -> Stream.of(vpc(it))));
        return Filters.named(
                        request.list("GroupId"),
                        region.scenario().securityGroups(),
                        SecurityGroup::id,
                        "InvalidGroup.NotFound",
                        "The security group '%s' does not exist")
                .stream()
                .filter(filters.of(request))
                .toList();
    }

    private void write(Xml xml, SecurityGroup group) {
        xml.text("ownerId", region.scenario().account())
                .text("groupId", group.id())
                .text("groupName", group.name())
                .text("groupDescription", group.name())
                .text("vpcId", vpc(group))
                .items("ipPermissions", group.ingress(), this::write)
                .items("ipPermissionsEgress", group.egress(), this::write);
    }

    private void write(Xml xml, SecurityGroup.Rule rule) {
        xml.text("ipProtocol", rule.protocol());
        if (rule.fromPort() >= 0) {
            xml.text("fromPort", rule.fromPort()).text("toPort", rule.toPort());
        }
        boolean group = rule.peer().startsWith("sg-");
        xml.items(
                "groups",
                group ? List.of(rule.peer()) : List.of(),
                (item, id) -> item.text("groupId", id).text("userId", region.scenario().account()));
        xml.items(
                "ipRanges",
                group ? List.of() : List.of(rule.peer()),
                (item, cidr) -> item.text("cidrIp", cidr));
    }

    private List<RouteTable> tables(QueryParameters request) {
        var filters =
                new Filters<RouteTable>(
                        Map.of(
                                "association.subnet-id", it -> it.subnets().stream(),
                                "association.main", it -> Stream.of(Boolean.toString(it.main())),
                                "route-table-id", it -> Stream.of(it.id()),
                                "vpc-id", _ -> Stream.of(vpc())));
        return Filters.named(
                        request.list("RouteTableId"),
                        RouteTable.all(region.scenario()),
                        RouteTable::id,
                        "InvalidRouteTableID.NotFound",
                        "The routeTable ID '%s' does not exist")
                .stream()
                .filter(filters.of(request))
                .toList();
    }

    private void write(Xml xml, RouteTable table) {
        xml.text("routeTableId", table.id()).text("vpcId", vpc());
        xml.items(
                "routeSet",
                table.routes(),
                (item, route) ->
                        item.text("destinationCidrBlock", route.destination())
                                .text(route.kind(), route.target())
                                .text("state", route.state()));
        xml.items(
                "associationSet",
                table.associations(),
                (item, association) -> association.forEach(item::text));
    }

    private List<String> endpoints(QueryParameters request) {
        var filters =
                new Filters<String>(
                        Map.of("service-name", Stream::of, "vpc-id", _ -> Stream.of(vpc())));
        return region.scenario().vpcEndpoints().stream().filter(filters.of(request)).toList();
    }

    private void writeEndpoint(Xml xml, String service) {
        xml.text("vpcEndpointId", "vpce-" + Integer.toHexString(service.hashCode()))
                .text("vpcId", vpc())
                .text("serviceName", service)
                .text("vpcEndpointType", service.endsWith(".s3") ? "Gateway" : "Interface")
                .text("state", "available")
                .items(
                        "subnetIdSet",
                        region.scenario().subnets(),
                        (item, subnet) -> item.text("subnetId", subnet.id()));
    }

    private <T> String document(
            String action,
            List<T> found,
            QueryParameters request,
            String set,
            BiConsumer<Xml, T> each) {
        var page = Page.of(found, request);
        return Xml.document(
                action + "Response",
                NAMESPACE,
                xml -> {
                    xml.text("requestId", UUID.randomUUID()).items(set, page.items(), each);
                    if (!page.next().isEmpty()) {
                        xml.text("nextToken", page.next());
                    }
                });
    }

    private String vpc(SecurityGroup group) {
        return group.vpc().isEmpty() ? vpc() : group.vpc();
    }

    private String vpc() {
        return region.scenario().vpc();
    }
}
