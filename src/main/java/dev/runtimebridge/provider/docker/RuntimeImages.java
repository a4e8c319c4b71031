package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;

import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.docker.BuildContext.With;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Builds what runs in containers: {@code runtime-bridge/base}, and one image on it per language.
 * The images are the folders of {@code runtime-agent/images}.
 */
public final class RuntimeImages {
    /** What all their names begin with. */
    public static final String PREFIX = "runtime-bridge/";

    /** The image that all others stand on. */
    public static final String BASE = "base";

    /** Where the base stands on unless told otherwise. */
    public static final String DEBIAN = "debian:bookworm-slim";

    /** The tag of images without the agent. */
    private static final String BARE = ":bare";

    private static final String BARE_BASE = PREFIX + BASE + BARE;

    private static final Map<String, String> BY_LANGUAGE =
            Map.of(
                    "python", "python", "node", "node", "java", "java", "c", "c", "c++", "c", "go",
                    "go", "shell", BASE);

    private final Engine engine;
    private final BuildContext context;

    /**
     * Images for an engine.
     *
     * @param context where the Dockerfiles and the agent are
     */
    public RuntimeImages(Engine engine, BuildContext context) {
        this.engine = engine;
        this.context = context;
    }

    /** The names that can be built, the base first. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (var folders = Files.newDirectoryStream(context.images(), Files::isDirectory)) {
            folders.forEach(folder -> names.add(folder.getFileName().toString()));
        }
        names.remove(BASE);
        names.sort(null);
        names.addFirst(BASE);
        return List.copyOf(names);
    }

    /**
     * Builds one image; the engine's cache makes a second time short. All but the base need the
     * base. Each is made twice, without the agent as {@code :bare} and then with it, so that
     * another agent is all that is new in them.
     *
     * @param debian what the base stands on
     * @param told each line that the build says
     * @return the image's reference
     * @throws dev.runtimebridge.provider.ProviderException when the engine does not answer, or the
     *     build fails
     * @throws IOException when the context cannot be prepared
     */
    public String build(String name, String debian, Consumer<String> told) throws IOException {
        var reference = PREFIX + name;
        if (name.equals(BASE)) {
            var java = java(told);
            build("base/Dockerfile", BARE_BASE, With.NOTHING, told, "BASE", debian, "JAVA", java);
            build("base/agent.Dockerfile", reference, With.AGENT, told, "FROM", BARE_BASE);
        } else {
            var bare = reference + BARE;
            build(name + "/Dockerfile", bare, With.NOTHING, told, "FROM", BARE_BASE);
            var finish = "base/finish.Dockerfile";
            build(finish, reference, With.NOTHING, told, "FROM", bare, "AGENT", PREFIX + BASE);
        }
        return reference;
    }

    /** The agent's Java runtime as an image; there it is made once. */
    private String java(Consumer<String> told) throws IOException {
        var reference = PREFIX + "java:" + context.javaName();
        if (!has(engine, reference)) {
            build("base/java.Dockerfile", reference, With.JAVA, told);
        }
        return reference;
    }

    private void build(
            String dockerfile,
            String reference,
            With with,
            Consumer<String> told,
            String... arguments)
            throws IOException {
        var folder = context.prepare(with);
        try {
            engine.call(
                    "build " + reference,
                    docker -> {
                        var order =
                                docker.buildImageCmd()
                                        .withBaseDirectory(folder.toFile())
                                        .withDockerfile(
                                                folder.resolve("images/" + dockerfile).toFile())
                                        .withTags(Set.of(reference))
                                        // the engine's own bridge may be switched off
                                        .withNetworkMode("host")
                                        .withRemove(true)
                                        .withForcerm(true);
                        for (int at = 0; at < arguments.length; at += 2) {
                            order.withBuildArg(arguments[at], arguments[at + 1]);
                        }
                        return order.exec(new Told(told)).awaitImageId();
                    });
        } finally {
            FileTrees.delete(folder);
        }
    }

    /** What is built for programs in this language; empty when nothing is. */
    public static Optional<String> referenceFor(String language) {
        return Optional.ofNullable(BY_LANGUAGE.get(language)).map(name -> PREFIX + name);
    }

    /**
     * Which images are built, by their names.
     *
     * @throws dev.runtimebridge.provider.ProviderException when the engine does not answer
     */
    public static boolean isBuilt(Engine engine, String name) {
        return has(engine, PREFIX + name);
    }

    /** Whether the engine has this image. */
    static boolean has(Engine engine, String reference) {
        return engine.call(
                "look for the image " + reference,
                docker -> {
                    try {
                        docker.inspectImageCmd(reference).exec();
                        return true;
                    } catch (NotFoundException e) {
                        return false;
                    }
                });
    }

    /** Passes on the build's lines. */
    private static final class Told extends BuildImageResultCallback {
        private final Consumer<String> told;

        Told(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public void onNext(BuildResponseItem item) {
            var text = item.getStream();
            if (text != null) {
                text.lines().filter(line -> !line.isBlank()).forEach(told);
            }
            super.onNext(item);
        }
    }
}
