package dev.runtimeagent.ssh;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment of a user's process: nothing of the agent's but {@code PATH}, language, and the
 * mark by which the container's processes are found when it ends.
 */
final class LoginEnvironment {
    private final Map<String, String> base = new HashMap<>();

    LoginEnvironment(AgentSettings settings, LoginDefaults inherited) {
        base.put("PATH", inherited.path());
        base.put("LANG", inherited.language());
        base.put("HOME", settings.home().toString());
        base.put("USER", settings.user());
        base.put("LOGNAME", settings.user());
        base.put("SHELL", settings.shell().toString());
        inherited.mark().ifPresent(mark -> base.put(LoginDefaults.MARK, mark));
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
