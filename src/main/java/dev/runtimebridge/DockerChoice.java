package dev.runtimebridge;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageChange;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.docker.Engine;
import dev.runtimebridge.provider.docker.RuntimeImages;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether an {@code up} runs its containers on Docker. */
final class DockerChoice {
    private static final String BUILD = "`./bridge images build` makes them";

    private final URI host;

    DockerChoice(Map<String, String> environment) {
        this.host = host(environment);
    }

    /** The engine that the environment names, or else the usual one. */
    static URI host(Map<String, String> environment) {
        var named = environment.getOrDefault("DOCKER_HOST", "").strip();
        return named.isEmpty() ? Engine.USUAL : URI.create(named);
    }

    /** Docker where it is ready, and processes where it is not; says which, and why. */
    Companion orProcesses() {
        var reason = missing();
        return reason.isEmpty()
                ? docker("it answers and has images; --provider local takes processes")
                : processes(
                        "containers are processes of this machine: "
                                + reason.get()
                                + "; --provider docker insists");
    }

    /**
     * Docker.
     *
     * @throws IOException when it is not ready, with what to do
     */
    Companion orFail() throws IOException {
        var reason = missing();
        if (reason.isPresent()) {
            throw new IOException(reason.get());
        }
        return docker("--provider says so");
    }

    /** What keeps containers from running there. */
    private Optional<String> missing() {
        try (var engine = Engine.at(host)) {
            engine.about();
            return RuntimeImages.isBuilt(engine, RuntimeImages.BASE)
                    ? Optional.empty()
                    : Optional.of(
                            "the Docker engine at " + host + " has no runtime images; " + BUILD);
        } catch (ProviderException e) {
            return Optional.of(e.why().detail());
        } catch (IllegalArgumentException e) {
            return Optional.of("DOCKER_HOST is not an engine's address: " + host);
        }
    }

    private static Companion processes(String note) {
        return new Companion() {
            @Override
            public Map<String, String> settings() {
                return Map.of();
            }

            @Override
            public List<String> notes() {
                return List.of(note);
            }
        };
    }

    private Companion docker(String why) {
        return new Companion() {
            @Override
            public Map<String, String> settings() {
                return Map.of("PROVIDER", "docker", "DOCKER_HOST", host.toString());
            }

            @Override
            public Optional<ImageChange> completing(Image image) {
                return image.run().containerImage().isEmpty()
                        ? RuntimeImages.referenceFor(image.language())
                                .map(ImageChange::ofContainerImage)
                        : Optional.empty();
            }

            @Override
            public List<String> notes() {
                return List.of("Docker runs the containers, since " + why);
            }
        };
    }
}
