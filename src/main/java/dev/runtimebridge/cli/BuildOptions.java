package dev.runtimebridge.cli;

import java.util.List;

/**
 * What {@code images build} was asked for.
 *
 * @param names of images; none means all
 * @param base the image that the base stands on; empty for the usual one
 */
public record BuildOptions(List<String> names, String base) {
    public BuildOptions {
        names = List.copyOf(names);
    }
}
