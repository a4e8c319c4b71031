package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.EntryStore.Written;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Changes the catalogue. This bridge launches by the changed one at once, others when they read it
 * again.
 */
public final class CatalogAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogAdmin.class);
    private static final int MOST_ATTEMPTS = 10;

    private final EntryStore store;
    private final Catalog catalog;

    /** What became of a change. */
    public sealed interface Outcome {
        record Done(CatalogEntry entry) implements Outcome {}

        record NoSuchImage() implements Outcome {}

        /** Another image of the same language has the same name. */
        record NameTaken(ImageId by) implements Outcome {}

        /** It is no longer what the caller saw. */
        record ChangedMeanwhile() implements Outcome {}
    }

    public CatalogAdmin(EntryStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** Every entry, by id. */
    public List<CatalogEntry> entries() {
        return store.entries();
    }

    public Optional<CatalogEntry> entry(ImageId id) {
        return store.entry(id);
    }

    /** Whether the entry's image can be launched here now. */
    public boolean available(CatalogEntry entry) {
        return catalog.available(entry.image());
    }

    /**
     * Adds an image.
     *
     * @throws IllegalArgumentException when something is missing that a new one needs
     */
    public Outcome add(ImageChange description) {
        return done(store.add(description.asNew()));
    }

    /**
     * Changes an image. What it is already is success and changes nothing.
     *
     * @param seen the version that the caller saw; any when empty
     */
    public Outcome change(ImageId id, ImageChange change, OptionalLong seen) {
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            var found = store.entry(id);
            if (found.isEmpty()) {
                return new Outcome.NoSuchImage();
            }
            var entry = found.get();
            if (seen.isPresent() && seen.getAsLong() != entry.version()) {
                return new Outcome.ChangedMeanwhile();
            }
            var next = change.appliedTo(entry.details());
            if (next.equals(entry.details())) {
                return new Outcome.Done(entry);
            }
            var written = store.change(entry.become(next));
            if (!(written instanceof Written.Stale)) {
                return done(written);
            }
        }
        return new Outcome.ChangedMeanwhile();
    }

    private Outcome done(Written written) {
        return switch (written) {
            case Written.Stored(var entry) -> {
                refresh();
                yield new Outcome.Done(entry);
            }
            case Written.NameTaken(var by) -> new Outcome.NameTaken(by);
            case Written.Stale() -> new Outcome.ChangedMeanwhile();
        };
    }

    private void refresh() {
        try {
            catalog.refresh();
        } catch (StoreUnavailable e) {
            LOG.warn("the change is stored and takes effect with the next look at the catalogue");
        }
    }
}
