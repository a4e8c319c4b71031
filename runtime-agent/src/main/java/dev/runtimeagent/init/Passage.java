package dev.runtimeagent.init;

import java.util.Optional;

/**
 * What an assertion of the bridge lets pass.
 *
 * @param port of this container
 * @param share by which it was let in; absent for the container's owner
 */
public record Passage(int port, Optional<String> share) {}
