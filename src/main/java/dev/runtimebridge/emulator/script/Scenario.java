package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An emulated account in one region: what is there and how it behaves. Immutable; made by {@link
 * #usual}, changed by the {@code with} methods or by {@link ScenarioText}.
 *
 * @param region {@code eu-central-1}
 * @param account twelve digits
 * @param scale how many emulated seconds pass in a real one; fixed at the start
 * @param seed of everything that is drawn
 * @param latency of each call
 * @param missing how long a new task is not seen by DescribeTasks and ListTasks
 * @param address where a task's private address is shown
 * @param denied actions that IAM denies, {@code ecs:RunTask}; {@code *} for all
 * @param credentialsExpired whether every call is answered so
 * @param vpc its id
 * @param vpcEndpoints services that can be reached without a route out, {@code
 *     com.amazonaws.eu-central-1.ecr.dkr}
 * @param faults what goes wrong with calls, in order; the first that concerns a call applies
 * @param fates what befalls tasks, in order; all that concern a task apply
 */
public record Scenario(
        String region,
        String account,
        double scale,
        long seed,
        Delay latency,
        Delay missing,
        Phases phases,
        AddressShown address,
        Quotas quotas,
        Set<String> denied,
        boolean credentialsExpired,
        String vpc,
        List<Cluster> clusters,
        List<String> vpcEndpoints,
        List<Subnet> subnets,
        List<SecurityGroup> securityGroups,
        List<Definition> definitions,
        Events events,
        List<CallFault> faults,
        List<Fate> fates) {

    public Scenario {
        denied = Set.copyOf(denied);
        clusters = List.copyOf(clusters);
        vpcEndpoints = List.copyOf(vpcEndpoints);
        subnets = List.copyOf(subnets);
        securityGroups = List.copyOf(securityGroups);
        definitions = List.copyOf(definitions);
        faults = List.copyOf(faults);
        fates = List.copyOf(fates);
        if (scale <= 0) {
            throw new IllegalArgumentException("scale must be above 0, not " + scale);
        }
    }

    /** Where DescribeTasks shows a task's private address. */
    public enum AddressShown {
        @JsonProperty("both")
        BOTH,
        /** In the attachment's details alone. */
        @JsonProperty("attachment")
        ATTACHMENT,
        /** In {@code containers[].networkInterfaces[]} alone. */
        @JsonProperty("container")
        CONTAINER
    }

    /**
     * An account where all goes well: cluster {@code bridge}, subnets {@code subnet-a} and {@code
     * subnet-b}, security group {@code sg-agents}, task definition {@code workspace:1}, usual
     * quotas, quick phases.
     */
    public static Scenario usual() {
        return new Scenario(
                "eu-central-1",
                "123456789012",
                1,
                1,
                Delay.NONE,
                Delay.NONE,
                Phases.quick(),
                AddressShown.BOTH,
                Quotas.usual(),
                Set.of(),
                false,
                "vpc-bridge",
                List.of(Cluster.of("bridge")),
                List.of(),
                List.of(
                        Subnet.of("subnet-a", "eu-central-1a", "10.0.0.0/20"),
                        Subnet.of("subnet-b", "eu-central-1b", "10.0.16.0/20")),
                List.of(SecurityGroup.of("sg-agents")),
                List.of(Definition.of("workspace", 1)),
                Events.none(),
                List.of(),
                List.of());
    }

    /** The same with other parts, given as the file would have them: {@code "missing: 60s"}. */
    public Scenario with(String text) {
        return ScenarioText.merge(this, text);
    }

    public Scenario with(Phases other) {
        return copy(latency, other, quotas, subnets, definitions, faults, fates);
    }

    public Scenario with(Quotas other) {
        return copy(latency, phases, other, subnets, definitions, faults, fates);
    }

    public Scenario withSubnets(Subnet... others) {
        return copy(latency, phases, quotas, List.of(others), definitions, faults, fates);
    }

    public Scenario withDefinitions(List<Definition> others) {
        return copy(latency, phases, quotas, subnets, others, faults, fates);
    }

    /** The same with one more thing that goes wrong. */
    public Scenario and(CallFault fault) {
        return copy(latency, phases, quotas, subnets, definitions, added(faults, fault), fates);
    }

    /** The same with one more thing that befalls tasks. */
    public Scenario and(Fate fate) {
        return copy(latency, phases, quotas, subnets, definitions, faults, added(fates, fate));
    }

    private static <T> List<T> added(List<T> some, T more) {
        var all = new ArrayList<T>(some);
        all.add(more);
        return all;
    }

    private Scenario copy(
            Delay otherLatency,
            Phases otherPhases,
            Quotas otherQuotas,
            List<Subnet> otherSubnets,
            List<Definition> otherDefinitions,
            List<CallFault> otherFaults,
            List<Fate> otherFates) {
        return new Scenario(
                region,
                account,
                scale,
                seed,
                otherLatency,
                missing,
                otherPhases,
                address,
                otherQuotas,
                denied,
                credentialsExpired,
                vpc,
                clusters,
                vpcEndpoints,
                otherSubnets,
                securityGroups,
                otherDefinitions,
                events,
                otherFaults,
                otherFates);
    }
}
