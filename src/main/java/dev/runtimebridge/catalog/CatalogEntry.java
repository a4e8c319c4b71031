package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;

/**
 * An entry of the catalogue, as administrators see it.
 *
 * @param revision counts the changes of what runs, from 1
 * @param version counts every change, and guards them
 */
public record CatalogEntry(ImageId id, int revision, ImageDetails details, long version) {

    /** As those see it who run it. */
    public Image image() {
        return new Image(
                id,
                details.name(),
                details.language(),
                revision,
                details.run(),
                details.size(),
                details.enabled());
    }

    /** Changed: of another revision when it runs something else, or with other means. */
    CatalogEntry become(ImageDetails next) {
        int following = details.runsLike(next) ? revision : Math.addExact(revision, 1);
        return new CatalogEntry(id, following, next, version + 1);
    }
}
