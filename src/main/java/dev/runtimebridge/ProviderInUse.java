package dev.runtimebridge;

import dev.runtimebridge.provider.Provider;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A provider, and what the root has to know of it beside its port.
 *
 * @param agentDoor an address of this machine that containers reach, to listen on for agents alone
 * @param notes what it means for users that this one is used, for people to read; may wait a moment
 * @param trouble what is wrong with it now, one sentence; empty while nothing is known to be
 * @param end lets go of what it holds; containers go on
 */
record ProviderInUse(
        Provider provider,
        Optional<String> agentDoor,
        Supplier<List<String>> notes,
        Supplier<Optional<String>> trouble,
        Runnable end)
        implements AutoCloseable {

    /** One that holds nothing and knows of no trouble. */
    static ProviderInUse of(Provider provider) {
        return new ProviderInUse(provider, Optional.empty(), List::of, Optional::empty, () -> {});
    }

    /** The same with this door, where it has none. */
    ProviderInUse orDoor(Optional<String> other) {
        return new ProviderInUse(provider, agentDoor.or(() -> other), notes, trouble, end);
    }

    @Override
    public void close() {
        end.run();
    }
}
