package dev.runtimebridge.provider.docker;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.ProviderException;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at what launches on Docker depend on. Changes nothing. */
public final class DockerDoctor {
    private static final String ENGINE = "docker engine";
    private static final String BUILD = "./bridge images build";

    private final URI host;
    private final String helperImage;

    /**
     * A doctor for an engine.
     *
     * @param helperImage one of this project's images, for the provider's own errands
     */
    public DockerDoctor(URI host, String helperImage) {
        this.host = host;
        this.helperImage = helperImage;
    }

    /** Tells each finding as soon as it is made. */
    public void examine(Optional<List<Image>> images, Consumer<Finding> told) {
        try (var engine = Engine.at(host)) {
            var about = engine.about();
            told.accept(Finding.ok(ENGINE, "Docker " + about.version() + " answers at " + host));
            told.accept(
                    RuntimeImages.has(engine, helperImage)
                            ? Finding.ok("image " + helperImage, "it is there")
                            : Finding.wrong(
                                    "image " + helperImage,
                                    "the engine does not have it, and the bridge needs it",
                                    BUILD + " base, or correct DOCKER_HELPER_IMAGE"));
            images.orElse(List.of()).stream()
                    .filter(Image::enabled)
                    .forEach(image -> told.accept(examine(engine, image)));
            told.accept(Finding.note(ENGINE, DockerProvider.NO_DISK_LIMIT, ""));
        } catch (ProviderException e) {
            told.accept(Finding.wrong(ENGINE, e.why().detail(), e.why().hint()));
        }
    }

    private static Finding examine(Engine engine, Image image) {
        var check = "image " + image.id() + " (" + image.name() + ")";
        var reference = image.run().containerImage();
        if (reference.isBlank()) {
            return Finding.note(check, "it has no container image", "");
        }
        if (RuntimeImages.has(engine, reference)) {
            return Finding.ok(check, reference + " is there");
        }
        return Pulls.possible(reference)
                ? Finding.note(check, reference + " is fetched at the first launch", "")
                : Finding.note(check, reference + " is not built", BUILD + ", if it is wanted");
    }
}
