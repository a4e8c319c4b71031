package dev.runtimebridge.catalog;

import java.util.List;

/** Where the catalogue is kept. */
public interface ImageStore {
    /** Every image, by id. */
    List<Image> images();

    /** Every language, by its order. */
    List<Language> languages();
}
