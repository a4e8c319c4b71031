package dev.runtimebridge.provider.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folders that are searched for programs, in order. */
record SearchPath(List<Path> folders) {
    private static final List<String> USUAL =
            List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin");

    /** Absolute entries of {@code text}, then the usual ones. */
    static SearchPath of(String text) {
        return new SearchPath(
                Stream.concat(Arrays.stream(text.split(":", -1)), USUAL.stream())
                        .filter(entry -> entry.startsWith("/"))
                        .map(Path::of)
                        .distinct()
                        .toList());
    }

    /** Of these only, with links resolved. */
    SearchPath real(Predicate<Path> which) {
        return new SearchPath(
                folders.stream()
                        .filter(which)
                        .flatMap(folder -> real(folder).stream())
                        .distinct()
                        .toList());
    }

    /** The first program of this name, links resolved. */
    Optional<Path> find(String program) {
        return folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .flatMap(SearchPath::real);
    }

    static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return folders.stream().map(Path::toString).collect(Collectors.joining(":"));
    }
}
