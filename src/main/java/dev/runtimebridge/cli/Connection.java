package dev.runtimebridge.cli;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.secret.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The options that say which bridge is meant, and who is asking. */
final class Connection {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

    @Option(
            names = "--user",
            defaultValue = "1",
            paramLabel = "ID",
            converter = UserIds.class,
            description = "The user (default ${DEFAULT-VALUE}).")
    private @Nullable UserId user;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the bridge (default: of the last 'bridge up').")
    private @Nullable Path data;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the bridge answers (default: BRIDGE_URL, else the last 'bridge up').")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "The user's token (default: BRIDGE_TOKEN, which unlike an option nobody else"
                            + " can see; else one made with the keys in DIR).")
    private @Nullable String token;

    UserId user() {
        return Objects.requireNonNull(user, "picocli sets a default");
    }

    /** The options that make another command mean the same bridge and user, for showing. */
    String again() {
        return " --user "
                + user()
                + (data == null ? "" : " --data " + data)
                + (url == null ? "" : " --url " + url);
    }

    /**
     * @param roles what a token that is made for this command says of its user
     */
    BridgeClient open(
            Operations operations, LastUp lastUp, Surroundings surroundings, Set<String> roles) {
        var folder = data == null ? lastUp.data() : data.toAbsolutePath().normalize();
        return new BridgeClient(
                new BridgeCalls(
                        address(lastUp, folder, surroundings),
                        token(operations, folder, surroundings, roles)));
    }

    private static URI parsed(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitStatus.MISUSED, "BRIDGE_URL is no address: " + address, e);
        }
    }

    private URI address(LastUp lastUp, Path folder, Surroundings surroundings) {
        var address =
                Optional.ofNullable(url)
                        .or(() -> surroundings.variable("BRIDGE_URL").map(Connection::parsed))
                        .or(() -> lastUp.url(folder))
                        .orElseThrow(
                                () ->
                                        new CommandFailed(
                                                ExitStatus.NO_BRIDGE,
                                                "no bridge was started in "
                                                        + folder
                                                        + ": start one with ./bridge up, or name"
                                                        + " one with --url"));
        var scheme = address.getScheme();
        if (address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new CommandFailed(
                    ExitStatus.MISUSED,
                    "'" + address + "' is not an address such as http://host:8080");
        }
        return address;
    }

    private Secret token(
            Operations operations, Path folder, Surroundings surroundings, Set<String> roles) {
        return Optional.ofNullable(token)
                .or(() -> surroundings.variable("BRIDGE_TOKEN"))
                .map(Secret::new)
                .orElseGet(
                        () ->
                                operations.token(
                                        new TokenOptions(
                                                folder,
                                                user(),
                                                Optional.empty(),
                                                roles,
                                                TOKEN_LIFETIME)));
    }
}
