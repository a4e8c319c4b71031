package dev.runtimeagent.config;

import java.util.Map;

/**
 * The part of the agent's own environment that a user's processes inherit. An image sets {@code
 * PATH} so that its toolchain is found.
 *
 * @param path {@code PATH}
 * @param language {@code LANG}
 */
public record LoginDefaults(String path, String language) {
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
                variables.getOrDefault("LANG", "C.UTF-8"));
    }
}
