package dev.runtimeagent.config;

import java.util.List;

/** The environment does not describe an agent. The message names every fault, one line each. */
public final class InvalidSettings extends RuntimeException {
    private final List<String> faults;

    public InvalidSettings(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    /** Each fault: the key, what is wrong with it, what to set. */
    public List<String> faults() {
        return faults;
    }
}
