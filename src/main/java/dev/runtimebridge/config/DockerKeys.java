package dev.runtimebridge.config;

import dev.runtimebridge.provider.docker.Engine;
import dev.runtimebridge.provider.docker.RuntimeImages;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The settings about Docker. */
final class DockerKeys {
    private static final Set<String> SCHEMES = Set.of("unix", "tcp");
    private static final Pattern SUBNET =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}/([89]|1\\d|2\\d)");
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._:/@-]{0,254}");

    static final Key<URI> DOCKER_HOST =
            Key.of(
                    "DOCKER_HOST",
                    host(),
                    Engine.USUAL.toString(),
                    "The Docker engine, as `unix:///...` or `tcp://host:port`, for `docker` and"
                            + " `./bridge images build`.");
    static final Key<String> DOCKER_SUBNET =
            Key.of(
                    "DOCKER_SUBNET",
                    Kinds.form("a subnet such as 10.20.0.0/20", SUBNET),
                    "Subnet of the containers' network, which is made with it. By default one that"
                            + " the engine chooses.");
    static final Key<String> DOCKER_HELPER_IMAGE =
            Key.of(
                    "DOCKER_HELPER_IMAGE",
                    Kinds.form("the reference of a container image", IMAGE),
                    RuntimeImages.PREFIX + RuntimeImages.BASE,
                    "One of this project's runtime images, for what the bridge itself does on the"
                            + " engine: rules of the network, and moving homes.");

    /** Everything about Docker. */
    static final List<Key<?>> ALL = List.of(DOCKER_HOST, DOCKER_SUBNET, DOCKER_HELPER_IMAGE);

    private DockerKeys() {}

    private static Kind<URI> host() {
        return new Kind<>(
                "an engine's address such as " + Engine.USUAL,
                text -> {
                    var host = URI.create(text);
                    if (host.getScheme() == null || !SCHEMES.contains(host.getScheme())) {
                        throw new IllegalArgumentException();
                    }
                    return host;
                });
    }
}
