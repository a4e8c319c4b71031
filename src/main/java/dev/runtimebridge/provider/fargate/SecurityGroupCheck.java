package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Finding;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at the security groups: who reaches agents, and what they reach. */
final class SecurityGroupCheck {
    private static final Pattern NONE = Pattern.compile("InvalidGroup|InvalidSecurityGroup");
    private static final Set<String> EVERYBODY = Set.of("0.0.0.0/0", "::/0");
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Ec2Client ec2;
    private final DoctorCalls calls;
    private final FargateSettings settings;
    private final int agentPort;
    private final int bridgePort;

    SecurityGroupCheck(
            Ec2Client ec2,
            DoctorCalls calls,
            FargateSettings settings,
            int agentPort,
            URI agentBridgeUrl) {
        this.ec2 = ec2;
        this.calls = calls;
        this.settings = settings;
        this.agentPort = agentPort;
        this.bridgePort = port(agentBridgeUrl);
    }

    /**
     * Looks at them.
     *
     * @param vpcs the networks of the subnets
     */
    void run(Set<String> vpcs) {
        var groups = new ArrayList<SecurityGroup>();
        for (var id : settings.network().securityGroups()) {
            var check = "security group " + id;
            var found =
                    calls.look(
                            check,
                            "ec2:DescribeSecurityGroups",
                            NONE,
                            () -> ec2.describeSecurityGroups(r -> r.groupIds(id)).securityGroups());
            switch (found) {
                case DoctorCalls.Found.It<List<SecurityGroup>>(var it) when !it.isEmpty() ->
                        groups.add(known(check, it.getFirst(), vpcs));
                case DoctorCalls.Found.It<List<SecurityGroup>>(var it) -> missing(check);
                case DoctorCalls.Found.Nothing<List<SecurityGroup>>() -> missing(check);
                case DoctorCalls.Found.Unknown<List<SecurityGroup>>() -> {}
            }
        }
        // The rules of all groups count together: with one of them unseen nothing can be said.
        if (groups.size() == settings.network().securityGroups().size()) {
            calls.tell(in(groups));
            calls.tell(out(groups));
        }
    }

    private void missing(String check) {
        calls.tell(
                Finding.wrong(
                        check,
                        "there is no such security group in " + settings.region(),
                        "correct CONTAINER_SECURITY_GROUP or AWS_REGION"));
    }

    private SecurityGroup known(String check, SecurityGroup group, Set<String> vpcs) {
        boolean elsewhere = !vpcs.isEmpty() && !vpcs.equals(Set.of(group.vpcId()));
        calls.tell(
                elsewhere
                        ? Finding.wrong(
                                check,
                                "it is in %s, the subnets are in %s: a task has one network"
                                        .formatted(group.vpcId(), String.join(", ", vpcs)),
                                "name subnets and security groups of one VPC in CONTAINER_SUBNETS"
                                        + " and CONTAINER_SECURITY_GROUP")
                        : Finding.ok(check, group.groupName() + " in " + group.vpcId()));
        return group;
    }

    private Finding in(List<SecurityGroup> groups) {
        var check = "way in to agents";
        var rules =
                groups.stream()
                        .flatMap(group -> group.ipPermissions().stream())
                        .filter(rule -> covers(rule, agentPort))
                        .toList();
        if (rules.isEmpty()) {
            return Finding.wrong(
                    check,
                    "no rule of the security groups lets anybody reach TCP port " + agentPort,
                    "allow it from the security groups of the bridge and the gateway");
        }
        if (rules.stream().anyMatch(SecurityGroupCheck::isForEverybody)) {
            return Finding.wrong(
                    check,
                    "the security groups let everybody reach TCP port " + agentPort,
                    "allow it from the security groups of the bridge and the gateway alone");
        }
        return Finding.ok(check, "TCP port " + agentPort + " is open to some");
    }

    private Finding out(List<SecurityGroup> groups) {
        var check = "way out of agents";
        for (int port : List.of(HTTPS, bridgePort)) {
            boolean open =
                    groups.stream()
                            .flatMap(group -> group.ipPermissionsEgress().stream())
                            .anyMatch(rule -> covers(rule, port));
            if (!open) {
                return Finding.wrong(
                        check,
                        "no rule of the security groups lets containers out to TCP port " + port,
                        port == HTTPS
                                ? "allow it: images are pulled over it"
                                : "allow it: agents call the bridge over it (AGENT_BRIDGE_URL)");
            }
        }
        return Finding.ok(check, "TCP ports " + HTTPS + " and " + bridgePort + " are open");
    }

    private static boolean covers(IpPermission rule, int port) {
        if ("-1".equals(rule.ipProtocol())) {
            return true;
        }
        return ("tcp".equals(rule.ipProtocol()) || "6".equals(rule.ipProtocol()))
                && rule.fromPort() != null
                && rule.toPort() != null
                && rule.fromPort() <= port
                && port <= rule.toPort();
    }

    private static boolean isForEverybody(IpPermission rule) {
        return rule.ipRanges().stream().anyMatch(range -> EVERYBODY.contains(range.cidrIp()))
                || rule.ipv6Ranges().stream()
                        .anyMatch(range -> EVERYBODY.contains(range.cidrIpv6()));
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? HTTPS : HTTP;
    }
}
