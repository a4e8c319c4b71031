package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A subnet of the emulated VPC.
 *
 * @param id {@code subnet-...}
 * @param zone its availability zone
 * @param cidr its addresses
 * @param freeAddresses how many there are before anything is started; without one tasks fail with
 *     {@code RESOURCE:ENI}
 * @param capacity how many tasks Fargate has room for here at a time; negative for no limit. Beyond
 *     it RunTask answers failures
 * @param spotCapacity the same for Fargate Spot
 * @param route where 0.0.0.0/0 leads
 * @param publicIps whether an interface gets a public address when a task asks for one
 */
public record Subnet(
        String id,
        String zone,
        String cidr,
        int freeAddresses,
        int capacity,
        int spotCapacity,
        Route route,
        boolean publicIps) {

    /** Where a subnet's default route leads. */
    public enum Route {
        @JsonProperty("internet")
        INTERNET,
        @JsonProperty("nat")
        NAT,
        @JsonProperty("none")
        NONE,
        /** To a gateway that was deleted. */
        @JsonProperty("gone")
        GONE,
        /** It has no table of its own: the VPC's main one holds, which leads to NAT. */
        @JsonProperty("main")
        MAIN
    }

    public static Subnet of(String id, String zone, String cidr) {
        return new Subnet(id, zone, cidr, 60_000, -1, -1, Route.NAT, true);
    }

    /** The same with room for so many tasks at a time, of either kind. */
    public Subnet withCapacity(int tasks) {
        return new Subnet(id, zone, cidr, freeAddresses, tasks, tasks, route, publicIps);
    }
}
