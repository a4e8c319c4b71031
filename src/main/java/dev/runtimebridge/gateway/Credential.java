package dev.runtimebridge.gateway;

import dev.runtimebridge.secret.Secret;

/** What a request at the gateway says of its sender. */
public sealed interface Credential {
    record None() implements Credential {}

    /** A user's token. */
    record Bearer(Secret token) implements Credential {}

    /** A session that a link began. */
    record Session(Secret pass) implements Credential {}
}
