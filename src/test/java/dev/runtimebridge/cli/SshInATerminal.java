package dev.runtimebridge.cli;

import java.nio.file.Path;

/** The real command line in a process of its own, for tests that give it a terminal. */
public final class SshInATerminal {
    private SshInATerminal() {}

    public static void main(String[] arguments) {
        var environment = System.getenv();
        var operations = new RunCommand(Path.of(environment.get("XDG_STATE_HOME")));
        var around = Surroundings.ofProcess(environment);
        System.exit(new CommandLineClient(operations, around).run(arguments));
    }
}
