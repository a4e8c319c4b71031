package dev.runtimeagent.config;

import dev.runtimeagent.json.NotJson;
import dev.runtimeagent.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What ECS tells a task of itself. Source: "Amazon ECS task metadata endpoint version 4 for tasks
 * on Fargate" of the ECS developer guide.
 */
final class TaskMetadata {
    private static final String CONTAINER = "AGENT_CONTAINER";
    static final String ENDPOINT = "ECS_CONTAINER_METADATA_URI_V4";
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(3).toMillis();
    private static final int LONGEST_ANSWER_BYTES = 256 * 1024;

    private TaskMetadata() {}

    /**
     * The variables with the container's reference, which on ECS is the task's ARN.
     *
     * @throws UncheckedIOException when the endpoint does not tell it; another start may find it
     */
    static Map<String, String> complete(Map<String, String> variables) {
        var endpoint = variables.getOrDefault(ENDPOINT, "").strip();
        if (endpoint.isEmpty() || !variables.getOrDefault(CONTAINER, "").isBlank()) {
            return variables;
        }
        var all = new HashMap<>(variables);
        all.put(CONTAINER, taskArn(endpoint + "/task"));
        return all;
    }

    private static String taskArn(String url) {
        try {
            var arn = StrictJson.object(get(url)).optString("TaskARN");
            if (arn.isEmpty()) {
                throw new IOException("it names no TaskARN");
            }
            return arn;
        } catch (NotJson e) {
            throw unreadable(url, new IOException("it is not JSON", e));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(url, new IOException(String.valueOf(e.getMessage()), e));
        }
    }

    /** By the JDK's older client: the newer one would cost every start a tenth of a second. */
    private static byte[] get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers " + connection.getResponseCode());
            }
            try (var body = connection.getInputStream()) {
                return body.readNBytes(LONGEST_ANSWER_BYTES);
            }
        } finally {
            connection.disconnect();
        }
    }

    private static UncheckedIOException unreadable(String url, IOException why) {
        return new UncheckedIOException(
                "the task's metadata at " + url + " cannot be read: " + why.getMessage(), why);
    }
}
