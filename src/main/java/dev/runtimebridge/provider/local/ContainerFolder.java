package dev.runtimebridge.provider.local;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of one container. Three records say how far it is: {@code place} before its process
 * starts, {@code process} once it did, {@code ended} when it was found over. Each is written whole
 * or not at all.
 */
record ContainerFolder(ContainerRef ref, Path path) {
    static final String USER = "together";
    private static final Pattern NAMES = Pattern.compile("local-[A-Za-z0-9_-]{1,64}-[0-9]");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether this can be one of our references at all, and so is safe as a file's name. */
    static boolean named(ContainerRef ref) {
        return NAMES.matcher(ref.value()).matches();
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    /** Holds the home, so that another can be moved in while the container runs. */
    Path homes() {
        return path.resolve("home");
    }

    Path home() {
        return homes().resolve(USER);
    }

    Path state() {
        return path.resolve("state");
    }

    Path temporary() {
        return path.resolve("tmp");
    }

    Path run() {
        return path.resolve("run");
    }

    Path etc() {
        return path.resolve("etc");
    }

    Path log() {
        return path.resolve("agent.log");
    }

    Optional<AddressBook.Place> place() throws IOException {
        return read("place.json", AddressBook.Place.class);
    }

    void place(AddressBook.Place place) throws IOException {
        write("place.json", place);
    }

    Optional<ProcessIdentity> process() throws IOException {
        return read("process.json", ProcessIdentity.class);
    }

    void process(ProcessIdentity process) throws IOException {
        write("process.json", process);
    }

    Optional<Cause> ended() throws IOException {
        return read("ended.json", Cause.class);
    }

    void ended(Cause cause) throws IOException {
        write("ended.json", cause);
    }

    /** Whose files were moved in, or are about to be. */
    Optional<Workspace> workspace() throws IOException {
        return read("workspace.json", Workspace.class);
    }

    void workspace(Workspace workspace) throws IOException {
        write("workspace.json", workspace);
    }

    private <T> Optional<T> read(String file, Class<T> type) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(path.resolve(file)), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(String file, Object content) throws IOException {
        var whole = Files.createTempFile(path, file, ".new");
        Files.write(whole, JSON.writeValueAsBytes(content));
        Files.move(whole, path.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
