package dev.runtimeagent.config;

import java.util.Map;
import java.util.Optional;

/**
 * The part of the agent's own environment that a user's processes inherit. An image sets {@code
 * PATH} so that its toolchain is found.
 *
 * @param path {@code PATH}
 * @param language {@code LANG}
 * @param mark {@value #MARK}: what the local provider knows a container's processes by where no
 *     boundary holds them; says nothing but which container it is
 */
public record LoginDefaults(String path, String language, Optional<String> mark) {
    /** The variable that everything in a local container carries. */
    public static final String MARK = "RUNTIME_BRIDGE_CONTAINER";

    private static final String USUAL_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Reads this process's environment. */
    public static LoginDefaults fromEnvironment() {
        return from(System.getenv());
    }

    /** Reads the given variables; what is missing becomes what Debian's login gives, in UTF-8. */
    public static LoginDefaults from(Map<String, String> variables) {
        return new LoginDefaults(
                variables.getOrDefault("PATH", USUAL_PATH),
                variables.getOrDefault("LANG", "C.UTF-8"),
                Optional.ofNullable(variables.get(MARK)));
    }
}
