package dev.runtimeagent.http;

import io.swagger.v3.oas.annotations.media.Schema;

import org.eclipse.jetty.http.HttpStatus;
import org.json.JSONWriter;

/** The body of every error: RFC 9457, and {@code error} for the first web IDE. */
@Schema(description = "What went wrong (RFC 9457)")
public record Problem(
        @Schema(example = "about:blank") String type,
        @Schema(example = "Bad Request") String title,
        @Schema(example = "400") int status,
        @Schema(description = "one sentence for people") String detail,
        @Schema(description = "the same sentence, where the first web IDE looks for it")
                String error)
        implements Wire {
    /** Media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    @Override
    public void write(JSONWriter fields) {
        fields.key("type")
                .value(type)
                .key("title")
                .value(title)
                .key("status")
                .value(status)
                .key("detail")
                .value(detail)
                .key("error")
                .value(error);
    }

    static Problem of(int status, String detail) {
        return new Problem("about:blank", HttpStatus.getMessage(status), status, detail, detail);
    }
}
