package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.FileTrees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Chooses the strongest boundary that works here, by trying each once. */
final class Boundaries {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String TRIAL =
            """
            fail() { echo "$1 inside of the sandbox" >&2; exit 1; }
            [ $$ = 1 ] || fail "the first process is not 1"
            [ -c /dev/null ] && [ -e /dev/ptmx ] || fail "no devices"
            : >"$HOME/trial" || fail "the home is read-only"
            [ -x "$1" ] || fail "$1 cannot be run"
            [ -r "$2" ] || fail "$2 cannot be read"
            [ -x "$3" ] || fail "$3 cannot be run"
            """;

    private final LocalSettings settings;
    private final Layout layout;

    Boundaries(LocalSettings settings, Layout layout) {
        this.settings = settings;
        this.layout = layout;
    }

    /** Blocks while a small program runs in a trial container. */
    Boundary choose() {
        var path = SearchPath.of(settings.path());
        var toolchains = Toolchains.on(path);
        var setsid = path.find("setsid");
        var bwrap = path.find("bwrap");
        if (!settings.sandbox()) {
            return new Unseparated(settings.agent(), path, setsid, "switched off");
        }
        if (bwrap.isEmpty()) {
            return new Unseparated(
                    settings.agent(), path, setsid, "bwrap is not installed: install bubblewrap");
        }
        if ("root".equals(System.getProperty("user.name"))) {
            var setpriv = path.find("setpriv");
            if (setpriv.isPresent()) {
                var dropped =
                        new Bubblewrap(bwrap.get(), setpriv, settings.agent(), path, toolchains);
                if (fault(dropped).isEmpty()) {
                    return dropped;
                }
            }
        }
        var mapped =
                new Bubblewrap(bwrap.get(), Optional.empty(), settings.agent(), path, toolchains);
        var fault = fault(mapped);
        return fault.isEmpty()
                ? mapped
                : new Unseparated(
                        settings.agent(), path, setsid, "bwrap does not work here: " + fault.get());
    }

    /** Why a small program does not run inside; empty when it does. */
    private Optional<String> fault(Bubblewrap boundary) {
        try {
            var folder = layout.scratch();
            try {
                return fault(boundary, folder);
            } finally {
                FileTrees.delete(folder.path());
            }
        } catch (IOException e) {
            return Optional.of("it could not be tried: " + e.getMessage());
        }
    }

    private Optional<String> fault(Bubblewrap boundary, ContainerFolder folder) throws IOException {
        try {
            layout.prepare(folder, boundary);
            var output = folder.log();
            var view = boundary.view(folder);
            var builder =
                    new ProcessBuilder(
                            boundary.command(
                                    folder,
                                    List.of(
                                            "/bin/sh",
                                            "-c",
                                            TRIAL,
                                            "trial",
                                            view.supervisor().toString(),
                                            view.libraries().toString(),
                                            view.java().toString())));
            builder.environment().clear();
            builder.environment().put("HOME", view.home().toString());
            builder.redirectErrorStream(true).redirectOutput(output.toFile());
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return Optional.of("no end after " + PATIENCE.toSeconds() + " s");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(lastLine(output, "status " + process.exitValue()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** The last line that says anything, at most 300 characters of it. */
    static String lastLine(Path log, String otherwise) {
        try (var channel = Files.newByteChannel(log)) {
            int most = 4096;
            channel.position(Math.max(0, channel.size() - most));
            var bytes = java.nio.ByteBuffer.allocate(most);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            var text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(line -> line.strip().substring(0, Math.min(300, line.strip().length())))
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
