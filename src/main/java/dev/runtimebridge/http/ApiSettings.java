package dev.runtimebridge.http;

import java.time.Duration;
import java.util.List;

/**
 * The API's limits.
 *
 * @param allowedOrigins whose pages may call the API, {@code https://ide.example}; {@code *} for
 *     any
 * @param trustedProxies networks whose {@code X-Forwarded-For} is believed, {@code 10.0.6.0/24}
 * @param adminRole the role that makes a user an administrator
 * @param longestWait the most that {@code Prefer: wait=N} is honoured for
 * @param retryAfter what a caller is told to wait before asking again
 * @param idle how long a connection without a request is kept
 * @param bodyWithin how long a request's body may take to arrive
 * @param mostConnections open connections; further ones wait to be accepted
 * @param mostStreamsPerUser event streams that one user may follow at the same time
 * @param keepAlive how often a silent event stream is written to, so that a lost client is noticed
 * @param callsPerMinute how often one address may call the routes that ask for no credential of
 *     ours: call home and token check, each
 * @param drain how long requests may take to finish once the server stops
 */
public record ApiSettings(
        List<String> allowedOrigins,
        List<String> trustedProxies,
        String adminRole,
        Duration longestWait,
        Duration retryAfter,
        Duration idle,
        Duration bodyWithin,
        int mostConnections,
        int mostStreamsPerUser,
        Duration keepAlive,
        int callsPerMinute,
        Duration drain) {

    public ApiSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        trustedProxies = List.copyOf(trustedProxies);
        if (mostConnections < 1 || mostStreamsPerUser < 1 || callsPerMinute < 1) {
            throw new IllegalArgumentException("limits of the API must be at least 1");
        }
        if (!retryAfter.isPositive()
                || !idle.isPositive()
                || !keepAlive.isPositive()
                || !drain.isPositive()) {
            throw new IllegalArgumentException("times of the API must be above zero");
        }
    }

    /** What suits most installations. */
    public static ApiSettings defaults(
            List<String> allowedOrigins,
            List<String> trustedProxies,
            String adminRole,
            Duration longestWait,
            Duration idle) {
        return new ApiSettings(
                allowedOrigins,
                trustedProxies,
                adminRole,
                longestWait,
                Duration.ofSeconds(2),
                idle,
                Duration.ofSeconds(20),
                20_000,
                16,
                Duration.ofSeconds(15),
                600,
                Duration.ofSeconds(10));
    }
}
