package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import java.util.List;

/**
 * A security group.
 *
 * @param name its id where it has none
 * @param vpc its VPC's id; empty for the emulated one
 * @param ingress what may come in
 * @param egress what may go out
 */
public record SecurityGroup(
        String id,
        String name,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String vpc,
        List<Rule> ingress,
        List<Rule> egress) {
    public SecurityGroup {
        name = name.isEmpty() ? id : name;
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /**
     * One permission.
     *
     * @param protocol {@code tcp}, {@code udp}, or {@code -1} for all
     * @param fromPort -1 for all
     * @param toPort -1 for all
     * @param peer a CIDR block or another group's id
     */
    public record Rule(String protocol, int fromPort, int toPort, String peer) {}

    /** One that lets agents be reached from the VPC, and everything out. */
    public static SecurityGroup of(String id) {
        return new SecurityGroup(
                id,
                id,
                "",
                List.of(new Rule("tcp", 8000, 8000, "10.0.0.0/8")),
                List.of(new Rule("-1", -1, -1, "0.0.0.0/0")));
    }
}
