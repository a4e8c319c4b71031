package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * The catalogue as the rest of the bridge sees it, kept in memory: read at its first use, and again
 * by each {@link #refresh}. Safe for many threads.
 */
public final class Catalog {
    private final ImageStore store;
    private final Predicate<Image> offered;
    private volatile @Nullable Content content;
    private final AtomicReference<@Nullable FutureTask<Content>> firstRead =
            new AtomicReference<>();

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
     * Reads the catalogue again, one after the other: what was read earlier replaces nothing that
     * was read later. When that fails, what was read last stays in use.
     *
     * @throws StoreUnavailable when it cannot be read now
     */
    public synchronized void refresh() {
        content = read();
    }

    private Content read() {
        return new Content(store.images(), store.languages());
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

    /**
     * The first to ask reads; the others of that moment wait for it and share its failure, so that
     * a store that is away keeps nobody for longer than one try takes.
     */
    private Content first() {
        var mine = new FutureTask<>(this::readUnlessKnown);
        var others = firstRead.compareAndExchange(null, mine);
        if (others != null) {
            return result(others);
        }
        mine.run();
        firstRead.set(null);
        return result(mine);
    }

    private synchronized Content readUnlessKnown() {
        var known = content;
        if (known == null) {
            known = read();
            content = known;
        }
        return known;
    }

    private static Content result(Future<Content> read) {
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault
                    ? fault
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while the catalogue was read", e);
        }
    }
}
