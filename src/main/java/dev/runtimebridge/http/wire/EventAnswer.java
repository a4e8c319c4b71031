package dev.runtimebridge.http.wire;

import dev.runtimebridge.allocation.Event;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.Locale;

/** The data of one server-sent event; the event's name is the phase, its id grows. */
public record EventAnswer(
        @Schema(
                        allowableValues = {
                            "waiting",
                            "requested",
                            "starting",
                            "ready",
                            "binding",
                            "active",
                            "interrupted",
                            "retrying",
                            "noticed",
                            "ending",
                            "ended"
                        },
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String phase,
        @Schema(format = "date-time", requiredMode = Schema.RequiredMode.REQUIRED) String at,
        @Schema(
                        description = "one sentence for people; may be empty",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String detail) {
    /** A step of the story. */
    public static EventAnswer of(Event event) {
        return new EventAnswer(
                event.phase().name().toLowerCase(Locale.ROOT),
                Times.iso(event.at()),
                event.detail());
    }
}
