package dev.runtimebridge;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageChange;
import dev.runtimebridge.cli.UpOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An emulated AWS in the process of an {@code up}. */
final class EmulatedCompanion implements Companion {
    private static final List<String> OF_ANOTHER_ACCOUNT =
            List.of("AWS_SESSION_TOKEN", "EVENTS_QUEUE_URL", "TASK_CONTAINER");

    private final EmulatedAccount account;
    private final int agentPort;

    private EmulatedCompanion(EmulatedAccount account, int agentPort) {
        this.account = account;
        this.agentPort = agentPort;
    }

    /**
     * Starts it.
     *
     * @param folder of what its agents keep
     * @throws IOException when the script, the folder or the Docker engine cannot be used
     * @throws IllegalArgumentException naming what is wrong in the script
     * @throws java.io.UncheckedIOException of a {@link java.net.BindException} when the port is in
     *     use
     */
    static EmulatedCompanion start(
            UpOptions.Emulator wanted, int agentPort, Path folder, Map<String, String> environment)
            throws IOException {
        return new EmulatedCompanion(
                EmulatorRun.account(wanted, agentPort, folder, environment), agentPort);
    }

    /** Nothing of another account, whatever the environment says of one. */
    @Override
    public Map<String, String> settings() {
        var settings = new HashMap<>(account.settings(agentPort));
        OF_ANOTHER_ACCOUNT.forEach(key -> settings.put(key, ""));
        return settings;
    }

    /** What an administrator has named is theirs; what an earlier up has is made anew. */
    @Override
    public Optional<ImageChange> completing(Image image) {
        var wanted = account.definition(image).orElse("");
        var there = image.run().taskDefinition();
        return there.equals(wanted) || !(there.isEmpty() || ofAnEarlierUp(image, there))
                ? Optional.empty()
                : Optional.of(ImageChange.ofTaskDefinition(wanted));
    }

    private static boolean ofAnEarlierUp(Image image, String definition) {
        return definition.equals(EmulatedAccount.localDefinition(image))
                || DockerTasks.definitionFor(image).filter(definition::equals).isPresent();
    }

    @Override
    public Optional<String> agentDoor() {
        return account.agentDoor();
    }

    @Override
    public Optional<String> startsEmpty() {
        return Optional.of("the emulated AWS that had it has ended");
    }

    /** As on Fargate: a task's files end with it. */
    @Override
    public boolean keepsFiles() {
        return false;
    }

    @Override
    public List<String> notes() {
        var pages = account.emulator().endpoint() + "/emulator";
        return List.of(
                "containers are tasks of an emulated AWS, " + pages + " says how many",
                "what it was asked: " + pages + "/calls/last; every task: " + pages + "/ledger",
                "as on Fargate, the files in a container end with it");
    }

    @Override
    public void close() {
        account.close();
    }
}
