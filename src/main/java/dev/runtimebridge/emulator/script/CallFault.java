package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that goes wrong with calls.
 *
 * @param action {@code RunTask}; {@code *} for any
 * @param kind what goes wrong
 * @param times how many calls; 0 for all from now on
 * @param share of the calls, 0 to 1, drawn by the scenario's seed
 * @param code the error's code, for {@link Kind#ERROR}
 * @param message the error's message, likewise
 * @param status the error's HTTP status, likewise
 * @param after how long a {@link Kind#SLOW} call takes
 */
public record CallFault(
        String action,
        Kind kind,
        int times,
        double share,
        String code,
        String message,
        int status,
        Delay after) {

    /** What can go wrong. */
    public enum Kind {
        /** It is done, but the connection ends before the answer. */
        @JsonProperty("lose-reply")
        LOSE_REPLY,
        /** It is not done; the connection ends. */
        @JsonProperty("lose-request")
        LOSE_REQUEST,
        /** As if a bucket were empty. */
        @JsonProperty("throttle")
        THROTTLE,
        /** The same, in the clothes of an InvalidParameterException. */
        @JsonProperty("throttle-wrapped")
        THROTTLE_WRAPPED,
        /** Any error. */
        @JsonProperty("error")
        ERROR,
        /** It is done and answered late. */
        @JsonProperty("slow")
        SLOW
    }

    public static CallFault of(String action, Kind kind, int times) {
        return new CallFault(
                action, kind, times, 1, "ServerException", "scripted", 500, Delay.NONE);
    }

    public static CallFault error(
            String action, int times, int status, String code, String message) {
        return new CallFault(action, Kind.ERROR, times, 1, code, message, status, Delay.NONE);
    }

    public static CallFault slow(String action, int times, Delay after) {
        return new CallFault(action, Kind.SLOW, times, 1, "", "", 0, after);
    }

    public boolean concerns(String called) {
        return action.equals("*") || action.equals(called);
    }
}
