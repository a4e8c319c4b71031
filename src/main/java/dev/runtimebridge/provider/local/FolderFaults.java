package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Turns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Turns what goes wrong with the provider's folder into what callers of a provider expect. */
record FolderFaults(Path root) {
    /**
     * Takes a step.
     *
     * @param what it is, after "could not"
     * @throws ProviderException when reading or writing fails; it may be repeated
     */
    <T> T guarded(String what, Turns.Work<T> step) {
        try {
            return step.take();
        } catch (IOException | UncheckedIOException e) {
            throw ProviderException.repeatable(
                    new Cause(
                            Cause.Kind.INFRASTRUCTURE,
                            "could not "
                                    + what
                                    + " in "
                                    + root
                                    + ": "
                                    + e.getClass().getSimpleName()
                                    + " "
                                    + e.getMessage()),
                    e);
        }
    }
}
