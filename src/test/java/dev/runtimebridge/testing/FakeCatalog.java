package dev.runtimebridge.testing;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.CatalogEntry;
import dev.runtimebridge.catalog.EntryStore;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageDetails;
import dev.runtimebridge.catalog.ImageStore;
import dev.runtimebridge.catalog.Language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The catalogue in memory, empty at first; for tests of what sits on top of its stores. */
public final class FakeCatalog implements ImageStore, EntryStore {
    private final TreeMap<ImageId, CatalogEntry> entries = new TreeMap<>();
    private final List<Language> languages = new ArrayList<>();
    private boolean down;

    /** From now on every call fails as it does without a database, or none does. */
    public synchronized void down(boolean now) {
        down = now;
    }

    @Override
    public synchronized List<Image> images() {
        return entries().stream().map(CatalogEntry::image).toList();
    }

    @Override
    public synchronized List<Language> languages() {
        refuseWhenDown();
        return List.copyOf(languages);
    }

    @Override
    public synchronized List<CatalogEntry> entries() {
        refuseWhenDown();
        return List.copyOf(entries.values());
    }

    @Override
    public synchronized Optional<CatalogEntry> entry(ImageId id) {
        refuseWhenDown();
        return Optional.ofNullable(entries.get(id));
    }

    @Override
    public synchronized Written add(ImageDetails details) {
        refuseWhenDown();
        var id = new ImageId(entries.isEmpty() ? 1 : entries.lastKey().value() + 1);
        return put(new CatalogEntry(id, 1, details, 0));
    }

    @Override
    public synchronized Written change(CatalogEntry next) {
        refuseWhenDown();
        var stored = entries.get(next.id());
        return stored == null || stored.version() != next.version() - 1
                ? new Written.Stale()
                : put(next);
    }

    private Written put(CatalogEntry entry) {
        var details = entry.details();
        for (var other : entries.values()) {
            if (!other.id().equals(entry.id())
                    && other.details().language().equals(details.language())
                    && other.details().name().equals(details.name())) {
                return new Written.NameTaken(other.id());
            }
        }
        entries.put(entry.id(), entry);
        if (languages.stream().noneMatch(known -> known.name().equals(details.language()))) {
            languages.add(new Language(details.language(), languages.size() + 1));
        }
        return new Written.Stored(entry);
    }

    private void refuseWhenDown() {
        if (down) {
            throw new StoreUnavailable("the database is down", null);
        }
    }
}
