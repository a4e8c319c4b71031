package dev.runtimebridge;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageChange;
import dev.runtimebridge.cli.UpOptions;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An emulated AWS in the process of an {@code up}, with agents as processes of this machine. */
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
     * @throws IOException when the script or the folder cannot be read
     * @throws IllegalArgumentException naming what is wrong in the script
     * @throws java.io.UncheckedIOException of a {@link java.net.BindException} when the port is in
     *     use
     */
    static EmulatedCompanion start(
            UpOptions.Emulator wanted, int agentPort, EmulatedAccount.RealAgents agents)
            throws IOException {
        var scenario = EmulatorRun.scenario(wanted.script());
        return new EmulatedCompanion(
                EmulatedAccount.withRealAgents(scenario, wanted.port(), agentPort, agents),
                agentPort);
    }

    /** Nothing of another account, whatever the environment says of one. */
    @Override
    public Map<String, String> settings() {
        var settings = new HashMap<>(account.settings(agentPort));
        OF_ANOTHER_ACCOUNT.forEach(key -> settings.put(key, ""));
        return settings;
    }

    /** Any definition will do: the agent is this machine's, with the programs that are here. */
    @Override
    public Optional<ImageChange> completing(Image image) {
        if (!image.run().taskDefinition().isEmpty() || !account.canRun(image)) {
            return Optional.empty();
        }
        var family = image.language().replaceAll("[^a-z0-9_-]", "") + "-" + image.id().value();
        return Optional.of(ImageChange.ofTaskDefinition(family + ":1"));
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
