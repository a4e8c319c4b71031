package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Reads a command line and does what it says. */
public final class CommandLineClient {
    private final CommandLine commands;
    private final Surroundings surroundings;

    public CommandLineClient(Operations operations, Surroundings surroundings) {
        this.surroundings = surroundings;
        var lastUp = LastUp.of(surroundings.environment());
        var session = new Session(operations, lastUp, surroundings);
        commands =
                new CommandLine(new Root())
                        .addSubcommand(new UpCommand(operations, lastUp))
                        .addSubcommand(new ServeCommand(operations))
                        .addSubcommand(new EmulateCommand(operations, lastUp))
                        .addSubcommand(new MigrateCommand(operations))
                        .addSubcommand(GatewayCommand.withItsCommands(operations))
                        .addSubcommand(new DoctorCommand(operations, lastUp, surroundings))
                        .addSubcommand(new KeysCommand(operations, surroundings))
                        .addSubcommand(new TokenCommand(operations, lastUp, surroundings))
                        .addSubcommand(new TrainCommand(operations))
                        .addSubcommand(new TrainServerCommand(operations))
                        .addSubcommand(new LaunchCommand(session))
                        .addSubcommand(new SshCommand(session))
                        .addSubcommand(new PsCommand(session))
                        .addSubcommand(new StopCommand(session))
                        .addSubcommand(ImagesCommand.withItsCommands(session, operations));
        tellVersion(commands);
        commands.setOut(writer(surroundings.out()))
                .setErr(writer(surroundings.err()))
                .setParameterExceptionHandler(this::misused)
                .setExecutionExceptionHandler(this::failed)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true);
    }

    /** The exit status; everything else went to the output. */
    public int run(String... arguments) {
        return commands.execute(arguments);
    }

    private int misused(ParameterException fault, String... arguments) {
        var name = fault.getCommandLine().getCommandSpec().qualifiedName(" ");
        surroundings
                .err()
                .println("bridge: " + oneLine(fault.getMessage()) + " (" + name + " --help)");
        return ExitStatus.MISUSED.code();
    }

    private int failed(Exception fault, CommandLine command, ParseResult parsed) throws Exception {
        if (fault instanceof CommandFailed failure) {
            surroundings.err().println("bridge: " + oneLine(failure.getMessage()));
            return failure.status().code();
        }
        if (surroundings.variable("DEBUG").isPresent()) {
            throw fault;
        }
        surroundings
                .err()
                .println(
                        "bridge: "
                                + oneLine(fault.toString())
                                + " (nobody foresaw this: DEBUG=1 shows where)");
        return ExitStatus.FAILED.code();
    }

    /** Of a command and those under it. */
    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().version(version());
        command.getSubcommands().values().forEach(CommandLineClient::tellVersion);
    }

    /** As the jar's manifest names it. */
    private static String version() {
        var version = CommandLineClient.class.getPackage().getImplementationVersion();
        return "runtime-bridge " + (version == null ? "(not packaged)" : version);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\s*\\R\\s*", " ");
    }

    /** The command that has no name: it only shows what there is. */
    @Command(name = "./bridge", mixinStandardHelpOptions = true)
    static final class Root implements Callable<Integer> {
        @CommandLine.Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "a command is missing");
        }
    }
}
