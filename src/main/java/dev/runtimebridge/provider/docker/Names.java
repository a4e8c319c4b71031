package dev.runtimebridge.provider.docker;

import dev.runtimebridge.provider.ContainerRef;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What an installation's things are called at the engine, and the labels that mark them. */
record Names(String installation) {
    static final String MARK = "dev.runtimebridge.installation";
    static final String REF = "dev.runtimebridge.container";
    static final String WHY = "dev.runtimebridge.why";
    static final String STOPPED_AT = "dev.runtimebridge.stopped-at";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Linux takes 15 characters. */
    private static final int INTERFACE_CHARACTERS = 8;

    static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    /** A container's reference is its name. */
    ContainerRef ref(String key, int ordinal) {
        return new ContainerRef(prefix() + key + "-" + ordinal);
    }

    boolean named(ContainerRef ref) {
        return ref.value().startsWith(prefix())
                && ref.value().matches("[A-Za-z0-9][A-Za-z0-9_.-]+");
    }

    private String prefix() {
        return "rb-" + installation + "-";
    }

    String network() {
        return "runtime-bridge-" + installation;
    }

    /** The bridge device of the network on the engine's machine. */
    String device() {
        var hash = Integer.toUnsignedString(installation.hashCode(), 36);
        return "rb-" + hash.substring(0, Math.min(INTERFACE_CHARACTERS, hash.length()));
    }

    String homes() {
        return "runtime-bridge-homes-" + installation;
    }

    String keeper() {
        return "runtime-bridge-keeper-" + installation;
    }

    String guard() {
        return "runtime-bridge-guard-" + installation;
    }

    String tombstone(ContainerRef ref) {
        return "stopped-" + ref.value();
    }

    Map<String, String> mark() {
        return Map.of(MARK, installation);
    }

    Map<String, String> mark(ContainerRef ref) {
        return Map.of(MARK, installation, REF, ref.value());
    }

    /** A filter for what carries our mark. */
    List<String> filter() {
        return List.of(MARK + "=" + installation);
    }
}
