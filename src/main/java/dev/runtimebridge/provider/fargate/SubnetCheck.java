package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks at the subnets: whether there is room, and a way out for what tasks pull and call. */
final class SubnetCheck {
    private static final Pattern NONE = Pattern.compile("InvalidSubnet");
    private static final String AVAILABLE = "available";
    private static final String EVERYWHERE = "0.0.0.0/0";

    /**
     * What a task without a way to the internet needs; from "Amazon ECS interface VPC endpoints" of
     * the ECS developer guide.
     */
    private static final Set<String> ENDPOINTS = Set.of("ecr.api", "ecr.dkr", "s3", "logs");

    private final Ec2Client ec2;
    private final DoctorCalls calls;
    private final FargateSettings settings;

    SubnetCheck(Ec2Client ec2, DoctorCalls calls, FargateSettings settings) {
        this.ec2 = ec2;
        this.calls = calls;
        this.settings = settings;
    }

    /** Returns the networks that the subnets are in, as far as they could be looked at. */
    Set<String> run() {
        var vpcs = new TreeSet<String>();
        for (var id : settings.network().subnets()) {
            var check = "subnet " + id;
            var found =
                    calls.look(
                            check,
                            "ec2:DescribeSubnets",
                            NONE,
                            () -> ec2.describeSubnets(r -> r.subnetIds(id)).subnets());
            switch (found) {
                case DoctorCalls.Found.It<List<Subnet>>(var subnets) when !subnets.isEmpty() -> {
                    vpcs.add(subnets.getFirst().vpcId());
                    room(check, subnets.getFirst());
                    wayOut(check, subnets.getFirst());
                }
                case DoctorCalls.Found.It<List<Subnet>>(var subnets) -> missing(check);
                case DoctorCalls.Found.Nothing<List<Subnet>>() -> missing(check);
                case DoctorCalls.Found.Unknown<List<Subnet>>() -> {}
            }
        }
        return vpcs;
    }

    private void missing(String check) {
        calls.tell(
                Finding.wrong(
                        check,
                        "there is no such subnet in " + settings.region(),
                        "correct CONTAINER_SUBNETS or AWS_REGION"));
    }

    private void room(String check, Subnet subnet) {
        int free = subnet.availableIpAddressCount();
        calls.tell(
                free < Batch.MOST
                        ? Finding.wrong(
                                check,
                                free + " addresses are free; each container takes one",
                                "add larger subnets to CONTAINER_SUBNETS")
                        : Finding.ok(check, free + " addresses are free"));
    }

    private void wayOut(String check, Subnet subnet) {
        var found =
                calls.look(
                        check + ", way out",
                        "ec2:DescribeRouteTables",
                        DoctorCalls.NEVER,
                        () -> table(subnet));
        if (found instanceof DoctorCalls.Found.It<Optional<RouteTable>>(var table)) {
            calls.tell(judged(check + ", way out", subnet, table.flatMap(SubnetCheck::out)));
        }
    }

    /** The subnet's own route table, else its network's main one. */
    private Optional<RouteTable> table(Subnet subnet) {
        var own = tables(filter("association.subnet-id", subnet.subnetId()));
        return own.isPresent()
                ? own
                : tables(filter("vpc-id", subnet.vpcId()), filter("association.main", "true"));
    }

    private Optional<RouteTable> tables(Filter... filters) {
        return ec2.describeRouteTables(r -> r.filters(filters)).routeTables().stream().findFirst();
    }

    private static Optional<Route> out(RouteTable table) {
        return table.routes().stream()
                .filter(route -> EVERYWHERE.equals(route.destinationCidrBlock()))
                .findFirst();
    }

    private Finding judged(String check, Subnet subnet, Optional<Route> out) {
        if (out.isEmpty() || out.get().state() == RouteState.BLACKHOLE) {
            return withoutRoute(check, subnet, out.isPresent());
        }
        boolean internet =
                out.get().gatewayId() != null && out.get().gatewayId().startsWith("igw-");
        var network = settings.network();
        if (internet && !network.publicIp()) {
            return Finding.wrong(
                    check,
                    "it leads to an internet gateway, but containers get no public address: they"
                            + " cannot pull their image",
                    "set CONTAINER_PUBLIC_IP=true, or name subnets with a route to a NAT gateway");
        }
        if (!internet && network.reach() == Reach.PUBLIC) {
            return Finding.wrong(
                    check,
                    "containers cannot be reached at public addresses: it leads to no internet"
                            + " gateway",
                    "name public subnets in CONTAINER_SUBNETS, or set CONTAINER_ADDRESS=private");
        }
        return Finding.ok(check, internet ? "an internet gateway" : "a gateway of the network");
    }

    private Finding withoutRoute(String check, Subnet subnet, boolean broken) {
        var endpoints = endpoints(subnet.vpcId());
        var missing = new TreeSet<>(ENDPOINTS);
        missing.removeAll(endpoints);
        if (missing.isEmpty() && settings.network().reach() == Reach.PRIVATE) {
            return Finding.ok(
                    check, "VPC endpoints for images in ECR and for logs; nothing beyond them");
        }
        return Finding.wrong(
                check,
                broken
                        ? "the gateway that " + EVERYWHERE + " leads to is gone"
                        : "there is no route to " + EVERYWHERE + ": images cannot be pulled",
                "add a route to a NAT gateway, or VPC endpoints: "
                        + String.join(", ", missing)
                        + " are missing");
    }

    /** The services that have an endpoint here; none where they cannot be looked at. */
    private Set<String> endpoints(String vpc) {
        var found =
                calls.look(
                        "VPC endpoints",
                        "ec2:DescribeVpcEndpoints",
                        DoctorCalls.NEVER,
                        () ->
                                ec2.describeVpcEndpoints(r -> r.filters(filter("vpc-id", vpc)))
                                        .vpcEndpoints());
        return found instanceof DoctorCalls.Found.It<List<VpcEndpoint>>(var endpoints)
                ? endpoints.stream()
                        .filter(endpoint -> AVAILABLE.equalsIgnoreCase(endpoint.stateAsString()))
                        .map(VpcEndpoint::serviceName)
                        .map(this::service)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** {@code ecr.api} of {@code com.amazonaws.eu-central-1.ecr.api}. */
    private String service(String name) {
        int region = name.indexOf(settings.region() + ".");
        return region < 0 ? name : name.substring(region + settings.region().length() + 1);
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }
}
