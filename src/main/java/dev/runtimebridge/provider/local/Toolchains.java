package dev.runtimebridge.provider.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Toolchains that version managers keep below a home folder. Each is a folder of programs and
 * libraries with nothing personal in it, so a container may see it although the home stays hidden.
 * Programs that lie elsewhere in a home, wrappers and shims among them, are left out: what is
 * beside them is nobody's business.
 *
 * @param roots real paths, one per toolchain
 */
record Toolchains(List<Path> roots) {
    private static final Pattern KNOWN =
            Pattern.compile(
                    "(/.+/(?:"
                            + String.join(
                                    "|",
                                    "\\.pyenv/versions/[^/]+",
                                    "\\.nvm/versions/node/[^/]+",
                                    "\\.local/share/fnm/node-versions/[^/]+/installation",
                                    "\\.sdkman/candidates/[^/]+/[^/]+",
                                    "\\.jdks/[^/]+",
                                    "\\.asdf/installs/[^/]+/[^/]+",
                                    "\\.local/share/mise/installs/[^/]+/[^/]+",
                                    "\\.goenv/versions/[^/]+",
                                    "\\.gvm/gos/[^/]+",
                                    "\\.rbenv/versions/[^/]+",
                                    "\\.rustup/toolchains/[^/]+")
                            + "))(?:/.*)?");

    Toolchains {
        roots = List.copyOf(roots);
    }

    /** Those whose programs are searched for. */
    static Toolchains on(SearchPath path) {
        var found = new TreeSet<Path>();
        for (var folder : path.folders()) {
            SearchPath.real(folder).flatMap(Toolchains::root).ifPresent(found::add);
        }
        return new Toolchains(List.copyOf(found));
    }

    boolean contain(Path real) {
        return roots.stream().anyMatch(real::startsWith);
    }

    /** The folders above the toolchains, outermost first, below {@code /}. */
    List<Path> parents() {
        var parents = new TreeSet<Path>();
        for (var root : roots) {
            for (var above = root.getParent();
                    above != null && above.getNameCount() > 0;
                    above = above.getParent()) {
                parents.add(above);
            }
        }
        return new ArrayList<>(parents);
    }

    private static Optional<Path> root(Path real) {
        var matcher = KNOWN.matcher(real.toString());
        return matcher.matches() ? Optional.of(Path.of(matcher.group(1))) : Optional.empty();
    }
}
