package dev.runtimebridge.config;

import java.util.List;

/** What reading the configuration came to. */
public sealed interface Configuration {
    /** Settings to start with. */
    record Ready(Settings settings) implements Configuration {}

    /**
     * Nothing can be started.
     *
     * @param faults all of them, one line each, that name the key, what is wrong and what is
     *     expected; never the value of a secret
     */
    record Faulty(List<String> faults) implements Configuration {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
