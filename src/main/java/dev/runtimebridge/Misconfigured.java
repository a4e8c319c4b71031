package dev.runtimebridge;

import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.Settings;

import java.util.List;
import java.util.Map;

/** The configuration does not fit. Its faults are fit to be shown, one line each. */
final class Misconfigured extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    private Misconfigured(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = faults;
    }

    List<String> faults() {
        return faults;
    }

    /**
     * The settings that these values are.
     *
     * @throws Misconfigured when they are none
     */
    static Settings orSettings(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> settings;
            case Configuration.Faulty(var faults) -> throw new Misconfigured(faults);
        };
    }
}
