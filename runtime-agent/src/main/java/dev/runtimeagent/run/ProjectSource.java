package dev.runtimeagent.run;

import dev.runtimeagent.json.NotJson;
import dev.runtimeagent.json.StrictJson;
import dev.runtimeagent.outbound.BoundedHttp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** Where projects come from: a server that answers a JSON object of relative path to text. */
public final class ProjectSource {
    /** From the request to the last byte of the answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Largest answer: a project whose text JSON has to escape, at worst, twice over. */
    private static final long ANSWER_BYTES = 2L * ProjectFiles.TOTAL_BYTES + 1024 * 1024;

    private final BoundedHttp http;

    /** Fetches over {@code http}. */
    public ProjectSource(BoundedHttp http) {
        this.http = http;
    }

    /**
     * Fetches a project in the caller's name.
     *
     * @param authorization the caller's header, passed on as it is
     * @param body the caller's body, passed on
     * @throws ProjectRefused when the answer is not a project
     * @throws SourceFailed when there is no such answer
     */
    public ProjectFiles fetch(URI address, String authorization, byte[] body)
            throws ProjectRefused, SourceFailed {
        var request =
                HttpRequest.newBuilder(address)
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        try {
            var answer = http.send(request, PATIENCE, ANSWER_BYTES);
            if (answer.statusCode() != 200) {
                throw new SourceFailed(answer.statusCode(), "it answered " + answer.statusCode());
            }
            return parse(answer.body());
        } catch (IOException e) {
            throw new SourceFailed(0, String.valueOf(e.getMessage()));
        }
    }

    private static ProjectFiles parse(byte[] answer) throws ProjectRefused, SourceFailed {
        try {
            return ProjectFiles.of(StrictJson.texts(answer));
        } catch (NotJson e) {
            throw new SourceFailed(
                    200, "its answer is not a JSON object of texts: " + e.getMessage());
        }
    }
}
