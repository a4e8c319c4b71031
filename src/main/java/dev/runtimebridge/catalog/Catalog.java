package dev.runtimebridge.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;

import dev.runtimebridge.allocation.ImageId;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The catalogue as the rest of the bridge sees it: read again from its store once it is older than
 * five seconds, beside those who ask; while that fails they get what was read last.
 */
public final class Catalog {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final LoadingCache<Key, Content> cache;
    private final Predicate<Image> offered;

    private enum Key {
        ONLY
    }

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
    public Catalog(ImageStore store, Predicate<Image> offered, Ticker ticker) {
        this.offered = offered;
        this.cache =
                Caffeine.newBuilder()
                        .refreshAfterWrite(FRESH)
                        .ticker(ticker)
                        .build(key -> new Content(store.images(), store.languages()));
    }

    public Found find(ImageId id) {
        for (var image : content().images()) {
            if (image.id().equals(id)) {
                if (!image.enabled()) {
                    return new Found.Unavailable(image.name() + " is switched off");
                }
                return offered.test(image)
                        ? new Found.Available(image)
                        : new Found.Unavailable(
                                image.name() + " cannot run here: its toolchain is missing");
            }
        }
        return new Found.Nothing();
    }

    /** The image, switched off or not. */
    public Optional<Image> image(ImageId id) {
        return content().images().stream().filter(image -> image.id().equals(id)).findFirst();
    }

    /** Every image with its availability, by id. */
    public List<Entry> entries() {
        return content().images().stream()
                .map(image -> new Entry(image, image.enabled() && offered.test(image)))
                .toList();
    }

    public List<Language> languages() {
        return content().languages();
    }

    private Content content() {
        return cache.get(Key.ONLY);
    }
}
