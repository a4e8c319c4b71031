package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;

import java.util.List;
import java.util.Optional;

/** Where the catalogue is kept, for those who change it. Calls throw {@code StoreUnavailable}. */
public interface EntryStore {
    /** Every entry, by id. */
    List<CatalogEntry> entries();

    Optional<CatalogEntry> entry(ImageId id);

    /**
     * Stores a new entry under an id that none had before, and its language when that is new.
     *
     * @return {@link Written.Stored} or {@link Written.NameTaken}
     */
    Written add(ImageDetails details);

    /**
     * Stores an entry in the place of the one whose version is one lower, and its language when
     * that is new.
     */
    Written change(CatalogEntry next);

    /** What became of a write. */
    sealed interface Written {
        record Stored(CatalogEntry entry) implements Written {}

        /** Another image of the same language has the same name. */
        record NameTaken(ImageId by) implements Written {}

        /** The entry has another version by now. */
        record Stale() implements Written {}
    }
}
