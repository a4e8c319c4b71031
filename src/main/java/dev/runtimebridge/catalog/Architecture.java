package dev.runtimebridge.catalog;

/** The processors that an image is built for; the names are those of ECS. */
public enum Architecture {
    X86_64,
    ARM64
}
