package dev.runtimebridge.http;

/** The kinds of problems the API answers with: a status, a title, and a name for machines. */
enum ProblemKind {
    INVALID_REQUEST(400, "invalid-request", "Invalid request"),
    UNAUTHENTICATED(401, "unauthenticated", "Not authenticated"),
    FORBIDDEN(403, "forbidden", "Not allowed"),
    NOT_FOUND(404, "not-found", "Not found"),
    IMAGE_NOT_AVAILABLE(404, "image-not-available", "Image not available"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
    REQUEST_TIMED_OUT(408, "request-timed-out", "Request timed out"),
    NOT_ACTIVE(409, "not-active", "Container not active"),
    NAME_TAKEN(409, "name-taken", "Name taken"),
    CHANGED_MEANWHILE(412, "changed-meanwhile", "Changed meanwhile"),
    BODY_TOO_LARGE(413, "body-too-large", "Body too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type"),
    CONDITION_MISSING(428, "condition-missing", "Condition missing"),
    TOO_MANY_REQUESTS(429, "too-many-requests", "Too many requests"),
    TOO_MANY_CONTAINERS(429, "too-many-containers", "Too many containers"),
    TOO_MANY_SHARES(429, "too-many-shares", "Too many shares"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "Headers too large"),
    INTERNAL(500, "internal", "Internal error"),
    LAUNCH_FAILED(503, "launch-failed", "Launch failed"),
    UNAVAILABLE(503, "unavailable", "Temporarily unavailable"),
    STILL_STARTING(504, "still-starting", "Still starting");

    private final int status;
    private final String slug;
    private final String title;

    ProblemKind(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The {@code type} of the problem (RFC 9457). */
    String type() {
        return "urn:runtime-bridge:problem:" + slug;
    }
}
