package dev.runtimebridge.emulator.script;

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

    public static Fate of(Kind kind, int times) {
        return new Fate(
                kind,
                times,
                1,
                "",
                "",
                "RUNNING",
                Delay.NONE,
                "EssentialContainerExited",
                "Essential container in task exited",
                1);
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
