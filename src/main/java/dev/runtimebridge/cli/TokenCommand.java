package dev.runtimebridge.cli;

import dev.runtimebridge.allocation.UserId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code token}. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description =
                "Prints a token (JWT) for a user, signed with the development keys of 'bridge up'.")
final class TokenCommand implements Callable<Integer> {
    private final Operations operations;
    private final LastUp lastUp;
    private final Surroundings surroundings;

    @Option(
            names = "--user",
            defaultValue = "1",
            paramLabel = "ID",
            converter = UserIds.class,
            description = "The user's id (default ${DEFAULT-VALUE}).")
    private @Nullable UserId user;

    @Option(names = "--email", paramLabel = "ADDRESS", description = "The user's e-mail address.")
    private @Nullable String email;

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description = "The user's roles, with commas between.")
    private Set<String> roles = Set.of();

    @Option(
            names = "--ttl",
            defaultValue = "12h",
            paramLabel = "TIME",
            converter = Lifetimes.class,
            description = "How long it is valid: 90s, 30m, 12h, 7d (default ${DEFAULT-VALUE}).")
    private Duration lifetime = Duration.ZERO;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the bridge (default: of the last 'bridge up').")
    private @Nullable Path data;

    TokenCommand(Operations operations, LastUp lastUp, Surroundings surroundings) {
        this.operations = operations;
        this.lastUp = lastUp;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var folder = data == null ? lastUp.data() : data.toAbsolutePath().normalize();
        var token =
                operations.token(
                        new TokenOptions(
                                folder,
                                Objects.requireNonNull(user, "picocli sets a default"),
                                Optional.ofNullable(email),
                                roles,
                                lifetime));
        surroundings.out().println(token.reveal());
        return ExitStatus.DONE.code();
    }
}
