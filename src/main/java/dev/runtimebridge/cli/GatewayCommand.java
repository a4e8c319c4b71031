package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code gateway}. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = "The gateway: NGINX before the bridge and the containers.")
final class GatewayCommand implements Callable<Integer> {
    @CommandLine.Spec private @Nullable CommandSpec spec;

    static CommandLine withItsCommands(Operations operations) {
        return new CommandLine(new GatewayCommand()).addSubcommand(new ConfigCommand(operations));
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "a command is missing: config");
    }

    /** {@code gateway config}. */
    @Command(
            name = "config",
            mixinStandardHelpOptions = true,
            description = {
                "Writes NGINX's whole configuration, made from the settings (see .env.example),"
                        + " once nginx -t has found it good; a bad one replaces nothing.",
                "Start it with: nginx -p DIR -c DIR/nginx.conf; after another config: nginx -p DIR"
                        + " -c DIR/nginx.conf -s reload"
            })
    static final class ConfigCommand implements Callable<Integer> {
        private final Operations operations;

        @Option(
                names = "--out",
                defaultValue = "gateway",
                paramLabel = "DIR",
                description =
                        "Folder of nginx.conf and of what NGINX writes (default"
                                + " ${DEFAULT-VALUE}).")
        private Path out = Path.of("gateway");

        ConfigCommand(Operations operations) {
            this.operations = operations;
        }

        @Override
        public Integer call() {
            return operations.gatewayConfig(out.toAbsolutePath().normalize());
        }
    }
}
