package dev.runtimeagent.init;

import dev.runtimeagent.json.NotJson;
import dev.runtimeagent.json.StrictJson;
import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.Login;

import org.json.JSONObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the {@link Identity} in the state folder, readable by its owner only. A write is in the
 * file system under its name before it returns, whole or not at all, so that it survives this
 * process. It need not survive the machine, with which the container ends.
 */
public final class IdentityFile {
    private static final String NAME = "identity.json";

    private final Path folder;

    public IdentityFile(Path folder) {
        this.folder = folder;
    }

    /**
     * What an earlier life of this agent settled, if init happened in it.
     *
     * @throws UncheckedIOException when the file is there and cannot be read or is not ours
     */
    public Optional<Identity> read() {
        var file = folder.resolve(NAME);
        try {
            return Optional.of(parse(StrictJson.object(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | NotJson e) {
            throw new UncheckedIOException(
                    new IOException(file + " is not what an agent writes", e));
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(file + " cannot be read", e));
        }
    }

    private static Identity parse(JSONObject fields) {
        return new Identity(
                new Secret(fields.optString("api_key")),
                new Login(fields.optString("user"), new Secret(fields.optString("password"))));
    }

    /**
     * Replaces what is kept.
     *
     * @throws IOException when it is not certain to survive this process; then the former content
     *     stands
     */
    public void write(Identity identity) throws IOException {
        var fields =
                new JSONObject()
                        .put("api_key", identity.apiKey().reveal())
                        .put("user", identity.login().user())
                        .put("password", identity.login().password().reveal());
        var draft = folder.resolve(NAME + ".new");
        Files.deleteIfExists(draft);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(draft, options, ownerOnly)) {
            var bytes = ByteBuffer.wrap(fields.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }
}
