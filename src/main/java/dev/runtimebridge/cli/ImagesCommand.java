package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code images}, and what can be done with them; all for administrators. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the images that can be launched; its commands add, change, disable and enable"
                + " them, and build what runs in containers. For administrators: the token needs"
                + " the role that ADMIN_ROLE names, 'admin' unless set. A token made with the keys"
                + " in DIR has it.",
            "In a pipe: one line each, tabs between id, name, language, revision, CPU in"
                    + " thousandths of a core, memory in MiB, architecture, price in US dollars per"
                    + " hour, state, local command, container image, task definition and version."
        })
final class ImagesCommand implements Callable<Integer> {
    private static final String WHICH = "An id, a language or a name, or its beginning.";
    private static final String ANY_VERSION = "*";

    private final Session session;

    @Mixin private Asked asked = new Asked();

    private ImagesCommand(Session session) {
        this.session = session;
    }

    static CommandLine withItsCommands(Session session, Operations operations) {
        return new CommandLine(new ImagesCommand(session))
                .addSubcommand(new ListImages(session))
                .addSubcommand(new Add(session))
                .addSubcommand(new Change(session))
                .addSubcommand("disable", new Switch(session, false))
                .addSubcommand("enable", new Switch(session, true))
                .addSubcommand(new BuildImagesCommand(operations, session.surroundings()));
    }

    @Override
    public Integer call() {
        return list(session, asked);
    }

    private static int list(Session session, Asked asked) {
        try (var bridge = session.openAsAdministrator(asked.connection)) {
            asked.view(session).all(bridge.catalogue());
        }
        return ExitStatus.DONE.code();
    }

    /** The image that is meant. */
    private static long chosen(BridgeClient bridge, @Nullable String wanted) {
        var all = bridge.catalogue().stream().map(Wire.CatalogImage::plain).toList();
        return new ImageChoice(all).named(Objects.requireNonNull(wanted)).id();
    }

    /** Whom to ask, and how to show the answer. */
    static final class Asked {
        @Mixin private Connection connection = new Connection();

        @Option(names = "--json", description = "Print each image as one line of JSON.")
        private boolean json;

        ImageView view(Session session) {
            return new ImageView(session.surroundings(), json);
        }
    }

    /** {@code images list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the images.")
    static final class ListImages implements Callable<Integer> {
        private final Session session;
        @Mixin private Asked asked = new Asked();

        ListImages(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return list(session, asked);
        }
    }

    /** {@code images add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Adds an image. It needs --name, --language, --cpu-millis, --memory-mib and at"
                        + " least one of --local-command, --container-image and --task-definition.",
                "Example: ./bridge images add --name 'Python 3.13' --language python"
                        + " --task-definition runtime-python:7 --cpu-millis 250 --memory-mib 512"
            })
    static final class Add implements Callable<Integer> {
        private final Session session;
        @Mixin private ImageOptions options = new ImageOptions();

        @Option(names = "--disabled", description = "Add it switched off.")
        private boolean disabled;

        @Mixin private Asked asked = new Asked();

        Add(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (var bridge = session.openAsAdministrator(asked.connection)) {
                var fields = options.fields();
                fields.put("enabled", !disabled);
                var image = bridge.addImage(fields);
                asked.view(session)
                        .changed(image, "added image " + image.id() + ", " + image.name());
            }
            return ExitStatus.DONE.code();
        }
    }

    /** {@code images change}. */
    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = {
                "Changes what the options name. When that is what runs, CPU, memory or"
                    + " architecture, the image's revision counts up: containers of the one before"
                    + " stay with their users and serve no new launch.",
                "Example: ./bridge images change 1 --task-definition runtime-python:8"
            })
    static final class Change implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "IMAGE", description = WHICH)
        private @Nullable String image;

        @Mixin private ImageOptions options = new ImageOptions();

        @Option(
                names = "--if-version",
                paramLabel = "N",
                description = "Change it only if it is still of this version (see --json).")
        private @Nullable Long version;

        @Mixin private Asked asked = new Asked();

        Change(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var fields = options.fields();
            if (fields.isEmpty()) {
                throw new CommandFailed(
                        ExitStatus.MISUSED, "what is to be changed? name an option, see --help");
            }
            var condition = version == null ? ANY_VERSION : "\"" + version + "\"";
            try (var bridge = session.openAsAdministrator(asked.connection)) {
                var changed = bridge.changeImage(chosen(bridge, image), fields, condition);
                asked.view(session)
                        .changed(
                                changed,
                                "image %d, %s, is of revision %d now"
                                        .formatted(
                                                changed.id(), changed.name(), changed.revision()));
            }
            return ExitStatus.DONE.code();
        }
    }

    /** {@code images disable} and {@code images enable}. */
    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Switches an image off or on. One that is off cannot be launched; containers of"
                            + " it that are in use stay.")
    static final class Switch implements Callable<Integer> {
        private final Session session;
        private final boolean on;

        @Parameters(paramLabel = "IMAGE", description = WHICH)
        private @Nullable String image;

        @Mixin private Asked asked = new Asked();

        Switch(Session session, boolean on) {
            this.session = session;
            this.on = on;
        }

        @Override
        public Integer call() {
            try (var bridge = session.openAsAdministrator(asked.connection)) {
                var id = chosen(bridge, image);
                var changed = bridge.changeImage(id, Map.of("enabled", on), ANY_VERSION);
                asked.view(session)
                        .changed(
                                changed,
                                "image %d, %s, is switched %s"
                                        .formatted(id, changed.name(), on ? "on" : "off"));
            }
            return ExitStatus.DONE.code();
        }
    }
}
