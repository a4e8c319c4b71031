package dev.runtimebridge.provider.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Starts agents: with a clean environment, in their boundary, their output in a file. */
final class Launcher {
    private static final long MOST_LOG_BYTES = 4L << 20;

    private final LocalSettings settings;
    private final Supplier<Boundary> chosen;
    private final Marks marks;

    Launcher(LocalSettings settings, Supplier<Boundary> chosen, Marks marks) {
        this.settings = settings;
        this.chosen = chosen;
        this.marks = marks;
    }

    /**
     * Starts a container's agent.
     *
     * @param more of its environment; what it names replaces what every agent is told
     */
    Process launch(ContainerFolder folder, AddressBook.Place place, Map<String, String> more)
            throws IOException {
        var boundary = chosen.get();
        var view = boundary.view(folder);
        var builder =
                new ProcessBuilder(boundary.command(folder, List.of(view.supervisor().toString())));
        builder.directory(folder.path().toFile());
        fill(builder.environment(), folder, view, place, boundary.network());
        builder.environment().putAll(more);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private void fill(
            Map<String, String> environment,
            ContainerFolder folder,
            Boundary.View view,
            AddressBook.Place place,
            String network) {
        environment.clear();
        environment.putAll(settings.agentSettings());
        environment.put(Marks.VARIABLE, marks.value(folder.ref()));
        environment.put("PATH", view.path());
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", view.home().toString());
        environment.put("USER", ContainerFolder.USER);
        environment.put("LOGNAME", ContainerFolder.USER);
        environment.put("SHELL", shell());
        environment.put("TMPDIR", view.temporary().toString());
        environment.put("AGENT_JAVA", view.java().toString());
        environment.put("AGENT_LIB", view.libraries().toString());
        environment.put("AGENT_CONTAINER", folder.ref().value());
        environment.put("AGENT_BRIDGE_KEY", settings.bridgeKey());
        environment.put("AGENT_BRIDGE_URL", settings.bridgeUrl().get().toString());
        environment.put("AGENT_ADDRESS", place.ip());
        environment.put("AGENT_PORT", Integer.toString(place.agentPort()));
        environment.put("AGENT_SSH", "embedded");
        environment.put("AGENT_SSH_PORT", Integer.toString(place.sshPort()));
        environment.put("AGENT_USER", ContainerFolder.USER);
        environment.put("AGENT_HOME", view.home().toString());
        environment.put("AGENT_STATE", view.state().toString());
        environment.put("AGENT_SHELL", shell());
        environment.put("AGENT_NETWORK", network);
    }

    private static String shell() {
        return Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
    }

    /**
     * Keeps a log from growing without end: what it says so far becomes {@code agent.log.1}. The
     * agent appends, so it goes on at the beginning.
     */
    static void bound(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > MOST_LOG_BYTES) {
            Files.copy(log, log.resolveSibling("agent.log.1"), StandardCopyOption.REPLACE_EXISTING);
            FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        }
    }
}
