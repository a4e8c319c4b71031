package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.provider.Address;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a request that came to the gateway is for, by the form of its address. */
public sealed interface Target {
    /** Of TCP. */
    int HIGHEST_PORT = 65_535;

    /** {@code {port}-{id}.{domain}}: any port of one container. */
    record ByHost(AllocationId id, int port) implements Target {}

    /** {@code /c/{id}/{port}/}: an agent's own port. */
    record ByPath(AllocationId id, int port) implements Target {}

    /** {@code /{ip}/{port}/}, the first bridge's form: an agent's own port by its address. */
    record ByAddress(Address agent) implements Target {}

    /** As the gateway writes it: form, container and port, with a space between. */
    static Optional<Target> parse(String text) {
        var words = Words.SPACE.split(text, -1);
        if (words.length != 3 || !Words.PORT.matcher(words[2]).matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(words[2]);
        if (port > HIGHEST_PORT) {
            return Optional.empty();
        }
        try {
            return switch (words[0]) {
                case "host" -> Optional.of(new ByHost(new AllocationId(words[1]), port));
                case "path" -> Optional.of(new ByPath(new AllocationId(words[1]), port));
                case "address" -> Optional.of(new ByAddress(new Address(words[1], port)));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** How a target is written. */
    final class Words {
        private static final Pattern SPACE = Pattern.compile(" ");
        private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

        private Words() {}
    }
}
