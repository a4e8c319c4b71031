package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that befalls tasks that are started from now on.
 *
 * @param kind what befalls them
 * @param times how many tasks; 0 for all
 * @param share of the tasks, 0 to 1, drawn by the scenario's seed
 * @param family only tasks of this task definition family; empty for any
 * @param subnet only tasks in this subnet; empty for any
 * @param at for {@link Kind#STOP}: the last status the task reaches, {@code PROVISIONING} to {@code
 *     RUNNING}
 * @param after for STOP and {@link Kind#SPOT_NOTICE}: how long after that status was reached
 * @param stopCode for STOP
 * @param reason for STOP: {@code stoppedReason}
 * @param exitCode for STOP when it ran
 */
public record Fate(
        Kind kind,
        int times,
        double share,
        String family,
        String subnet,
        String at,
        Delay after,
        String stopCode,
        String reason,
        int exitCode) {

    /** What can befall a task. */
    public enum Kind {
        @JsonProperty("stop")
        STOP,
        /** Its interface's details never appear; AWS ends it after a while. */
        @JsonProperty("no-interface")
        NO_INTERFACE,
        /** Its interface has no public address. */
        @JsonProperty("no-public-ip")
        NO_PUBLIC_IP,
        /** It runs, and its agent never answers. Stub agents only. */
        @JsonProperty("silent-agent")
        SILENT_AGENT,
        /** If it is a Spot task, it is told to go. */
        @JsonProperty("spot-notice")
        SPOT_NOTICE
    }

    /** Fills in what a file left out. */
    @JsonCreator
    static Fate read(
            @JsonProperty(value = "kind", required = true) Kind kind,
            @JsonProperty("times") Integer times,
            @JsonProperty("share") Double share,
            @JsonProperty("family") String family,
            @JsonProperty("subnet") String subnet,
            @JsonProperty("at") String at,
            @JsonProperty("after") Delay after,
            @JsonProperty("stopCode") String stopCode,
            @JsonProperty("reason") String reason,
            @JsonProperty("exitCode") Integer exitCode) {
        return new Fate(
                kind,
                Absent.or(times, 1),
                Absent.or(share, 1.0),
                Absent.or(family, ""),
                Absent.or(subnet, ""),
                Absent.or(at, "PENDING"),
                Absent.or(after, Delay.NONE),
                Absent.or(stopCode, "TaskFailedToStart"),
                Absent.or(reason, "scripted"),
                Absent.or(exitCode, 1));
    }

    public static Fate of(Kind kind, int times) {
        return new Fate(kind, times, 1, "", "", "RUNNING", Delay.NONE, "", "", 1);
    }

    /** Tasks stop as soon as they have reached a status. */
    public static Fate stop(int times, String at, String stopCode, String reason) {
        return new Fate(Kind.STOP, times, 1, "", "", at, Delay.NONE, stopCode, reason, 1);
    }

    public Fate later(Delay delay) {
        return new Fate(kind, times, share, family, subnet, at, delay, stopCode, reason, exitCode);
    }

    public boolean concerns(String ofFamily, String inSubnet) {
        return (family.isEmpty() || family.equals(ofFamily))
                && (subnet.isEmpty() || subnet.equals(inSubnet));
    }
}
