package dev.runtimebridge.provider.local;

import java.util.List;

/**
 * How far containers are kept apart, for people to read before they let users in.
 *
 * @param sandboxed whether a container sees only its own files and processes
 * @param meaning one sentence per consequence, the gravest first
 */
public record Isolation(boolean sandboxed, List<String> meaning) {
    public Isolation {
        meaning = List.copyOf(meaning);
    }
}
