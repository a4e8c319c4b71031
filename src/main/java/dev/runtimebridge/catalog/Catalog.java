package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The catalogue as the rest of the bridge sees it, kept in memory: read at its first use, and again
 * by each {@link #refresh}. Safe for many threads.
 */
public final class Catalog {
    private final ImageStore store;
    private final Predicate<Image> offered;
    private volatile @Nullable Content content;

    private record Content(List<Image> images, List<Language> languages) {}

    /** Whether and what. */
    public sealed interface Found {
        record Available(Image image) implements Found {}

        record Unavailable(String why) implements Found {}

        record Nothing() implements Found {}
    }

    /** An image and whether it can be launched. */
    public record Entry(Image image, boolean available) {}

    /**
     * @param offered whether the provider can run an image
     */
    public Catalog(ImageStore store, Predicate<Image> offered) {
        this.store = store;
        this.offered = offered;
    }

    /**
     * Reads the catalogue again. When that fails, what was read last stays in use.
     *
     * @throws dev.runtimebridge.allocation.StoreUnavailable when it cannot be read now
     */
    public synchronized void refresh() {
        content = new Content(store.images(), store.languages());
    }

    public Found find(ImageId id) {
        var image = image(id);
        if (image.isEmpty()) {
            return new Found.Nothing();
        }
        var name = image.get().name();
        if (!image.get().enabled()) {
            return new Found.Unavailable(name + " is switched off");
        }
        return available(image.get())
                ? new Found.Available(image.get())
                : new Found.Unavailable(name + " cannot run here: what it needs is missing");
    }

    /** The image, switched off or not. */
    public Optional<Image> image(ImageId id) {
        return content().images().stream().filter(image -> image.id().equals(id)).findFirst();
    }

    /** Every image with its availability, by id. */
    public List<Entry> entries() {
        return content().images().stream()
                .map(image -> new Entry(image, available(image)))
                .toList();
    }

    public List<Language> languages() {
        return content().languages();
    }

    /** Whether the image can be launched now: switched on, and the provider can run it. */
    public boolean available(Image image) {
        return image.enabled() && offered.test(image);
    }

    private Content content() {
        var known = content;
        return known == null ? first() : known;
    }

    /** The first to ask reads, the others of that moment wait for it. */
    private synchronized Content first() {
        if (content == null) {
            refresh();
        }
        return Objects.requireNonNull(content);
    }
}
