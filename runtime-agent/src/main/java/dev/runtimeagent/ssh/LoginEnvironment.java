package dev.runtimeagent.ssh;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;

import java.util.HashMap;
import java.util.Map;

/** The environment of a user's process: nothing of the agent's but {@code PATH} and language. */
final class LoginEnvironment {
    private final Map<String, String> base;

    LoginEnvironment(AgentSettings settings, LoginDefaults inherited) {
        base =
                Map.of(
                        "PATH", inherited.path(),
                        "LANG", inherited.language(),
                        "HOME", settings.home().toString(),
                        "USER", settings.user(),
                        "LOGNAME", settings.user(),
                        "SHELL", settings.shell().toString());
    }

    /** Whether a client may set this variable. */
    static boolean accepts(String name) {
        return name.equals("LANG") || name.startsWith("LC_");
    }

    /** The base, with those of the client's wishes that are about language and terminal. */
    Map<String, String> with(Map<String, String> wishes) {
        var environment = new HashMap<>(base);
        wishes.forEach(
                (name, value) -> {
                    if (name.equals("TERM") || accepts(name)) {
                        environment.put(name, value);
                    }
                });
        return environment;
    }
}
