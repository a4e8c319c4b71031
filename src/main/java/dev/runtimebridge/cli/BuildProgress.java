package dev.runtimebridge.cli;

/** Hears of a build of images. */
public interface BuildProgress {
    /** An image's build begins. */
    void begins(String name);

    /** A line that the build says. */
    void says(String line);

    /** The image is there. */
    void built(String reference);
}
