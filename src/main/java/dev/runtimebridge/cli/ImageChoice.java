package dev.runtimebridge.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the image that a person means by an id, a language, a name or the beginning of either. */
record ImageChoice(List<Wire.Image> images) {

    /**
     * The image that is meant; where several could be, the only one that is available.
     *
     * @throws CommandFailed when there is none, or more than one
     */
    Wire.Image named(String wanted) {
        var text = wanted.strip().toLowerCase(Locale.ROOT);
        List<Predicate<Wire.Image>> meanings =
                List.of(
                        image -> Long.toString(image.id()).equals(text),
                        image -> lower(image.name()).equals(text),
                        image -> lower(image.language()).equals(text),
                        image ->
                                lower(image.name()).startsWith(text)
                                        || lower(image.language()).startsWith(text));
        for (var meaning : meanings) {
            var meant = images.stream().filter(meaning).toList();
            if (!meant.isEmpty() && !text.isEmpty()) {
                return only(wanted, meant);
            }
        }
        throw new CommandFailed(
                ExitStatus.FAILED,
                "there is no image '" + wanted + "'; there are: " + list(images));
    }

    String nameOf(long id) {
        return images.stream()
                .filter(image -> image.id() == id)
                .map(Wire.Image::name)
                .findFirst()
                .orElse("image " + id);
    }

    private static Wire.Image only(String wanted, List<Wire.Image> meant) {
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        var available = meant.stream().filter(Wire.Image::available).toList();
        if (available.size() == 1) {
            return available.getFirst();
        }
        throw new CommandFailed(
                ExitStatus.FAILED,
                "'" + wanted + "' could be any of: " + list(meant) + "; name one by its id");
    }

    private static String list(List<Wire.Image> images) {
        return images.stream()
                .map(
                        image ->
                                image.id()
                                        + " "
                                        + image.name()
                                        + (image.available() ? "" : " (not available)"))
                .collect(Collectors.joining(", "));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
