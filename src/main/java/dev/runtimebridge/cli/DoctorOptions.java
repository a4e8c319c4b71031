package dev.runtimebridge.cli;

import java.nio.file.Path;

/**
 * Which bridge is examined.
 *
 * @param data absolute folder of a bridge with everything embedded
 * @param named whether that bridge is meant whatever the configuration says; otherwise the
 *     configured one, where there is a configuration
 */
public record DoctorOptions(Path data, boolean named) {}
