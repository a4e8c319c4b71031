package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderContract;
import dev.runtimebridge.provider.ProviderException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What the local provider keeps to beside the contract, with and without a sandbox. The agent is a
 * shell that runs what the test hands it through a pipe in its state folder.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LocalContract extends ProviderContract {
    private static final String SHELL_AGENT =
            """
            #!/bin/sh
            trap 'exit 0' TERM
            number=0
            mkfifo "$AGENT_STATE/in"
            while :; do
                sh "$AGENT_STATE/in" >"$AGENT_STATE/out.new" 2>&1
                mv "$AGENT_STATE/out.new" "$AGENT_STATE/out.$number"
                number=$((number + 1))
            done
            """;

    @TempDir Path temporary;
    LocalProvider provider;
    String searchPath = "/usr/bin:/bin";
    Layout layout;

    abstract boolean sandbox();

    @BeforeEach
    void open() throws IOException {
        var programs = Files.createDirectories(temporary.resolve("agent/bin"));
        Files.writeString(programs.resolve("run-agent"), SHELL_AGENT);
        Files.setPosixFilePermissions(
                programs.resolve("run-agent"), PosixFilePermissions.fromString("rwxr-xr-x"));
        provider = reopen();
        layout = Layout.open(temporary.resolve("data"));
        assertThat(provider.isolation().sandboxed()).isEqualTo(sandbox());
    }

    @AfterEach
    void endEverything() throws IOException {
        provider.owned().forEach(ref -> provider.stop(ref, "the test is over"));
        assertThat(marks().find()).isEmpty();
        FileTrees.delete(temporary.resolve("data"));
    }

    /** As another bridge would after this one was killed. */
    LocalProvider reopen() throws IOException {
        var agent =
                new AgentSoftware(
                        temporary.resolve("agent/bin/run-agent"),
                        temporary.resolve("agent"),
                        Path.of(System.getProperty("java.home")));
        var opened =
                LocalProvider.open(
                        new LocalSettings(
                                temporary.resolve("data"),
                                searchPath,
                                agent,
                                "none",
                                () -> URI.create("http://127.0.0.1:9"),
                                LocalSettings.AGENT_PORT,
                                LocalSettings.SSH_PORT,
                                Map.of(),
                                Duration.ofMillis(200),
                                sandbox()),
                        new Ids(new SecureRandom()),
                        InstantSource.system());
        opened.isolation(); // no trial goes on while a test deletes its folder
        return opened;
    }

    Marks marks() throws IOException {
        return new Marks(Files.readString(temporary.resolve("data/installation")).strip());
    }

    ContainerFolder folder(ContainerRef ref) {
        return layout.container(ref);
    }

    @Override
    protected LocalProvider provider() {
        return provider;
    }

    @Override
    protected Address reach(ContainerRef ref) {
        var state = folder(ref).state();
        until("the agent of " + ref + " is up", () -> Files.exists(state.resolve("in")));
        if (observe(ref) instanceof Observation.Reachable(var address, _)) {
            return address;
        }
        throw new AssertionError(observe(ref));
    }

    Observation observe(ContainerRef ref) {
        return provider.observe(List.of(ref)).get(ref);
    }

    @Override
    protected boolean keepsFiles() {
        return true;
    }

    @Override
    protected void write(ContainerRef ref, String file, String text) throws Exception {
        run(ref, "printf %s '" + text + "' >\"$HOME/workspace/" + file + "\"");
    }

    @Override
    protected String read(ContainerRef ref, String file) throws Exception {
        return run(ref, "cat \"$HOME/workspace/" + file + "\" 2>/dev/null");
    }

    /** Runs a script as the container's user; answers what it printed. */
    String run(ContainerRef ref, String script) throws Exception {
        reach(ref);
        var state = folder(ref).state();
        int number = 0;
        while (Files.exists(state.resolve("out." + number))) {
            number++;
        }
        var output = state.resolve("out." + number);
        Files.writeString(state.resolve("in"), script + "\n");
        until("the end of " + script, () -> Files.exists(output));
        return Files.readString(output).strip();
    }

    static void until(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 40 s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    List<ProcessIdentity> processes(ContainerRef ref) throws IOException {
        return marks().find().getOrDefault(ref, List.of());
    }

    /** What the provider itself started; children come and go. */
    private List<ProcessIdentity> supervisors(ContainerRef ref) throws IOException {
        var all = processes(ref);
        var pids = all.stream().map(ProcessIdentity::pid).toList();
        return all.stream()
                .filter(
                        process ->
                                ProcessHandle.of(process.pid())
                                        .flatMap(ProcessHandle::parent)
                                        .filter(parent -> !pids.contains(parent.pid()))
                                        .isPresent())
                .toList();
    }

    @Test
    void whatAUserLeftRunningEndsWithItsContainer() throws Exception {
        var ref = start("daemons", 1).getFirst();
        run(ref, "setsid sleep 600 >/dev/null 2>&1 &");
        run(ref, "(setsid sh -c '(sleep 601 &) ' >/dev/null 2>&1 &)");
        run(
                ref,
                "nohup setsid sh -c 'trap \"\" TERM HUP INT; while :; do sleep 602; done'"
                        + " >/dev/null 2>&1 &");
        until("all three run", () -> countOf("sleep\0" + "60") >= 3);
        var all = processes(ref);
        assertThat(all.size()).isGreaterThanOrEqualTo(4);
        provider.stop(ref, "test");
        assertThat(all).noneMatch(ProcessIdentity::alive);
        assertThat(processes(ref)).isEmpty();
    }

    /** Processes of any container of this test whose command line begins so. */
    private long countOf(String command) {
        try {
            long count = 0;
            for (var each : marks().find().values()) {
                for (var process : each) {
                    count += commandLine(process.pid()).startsWith(command) ? 1 : 0;
                }
            }
            return count;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return ""; // ended
        }
    }

    @Test
    void anotherBridgeKnowsTheContainersOfAKilledOne() throws Exception {
        var refs = start("survivors", 2);
        refs.forEach(this::reach);
        provider.attach(refs.getFirst(), ALICES);
        write(refs.getFirst(), "kept.txt", "mine");
        var before = provider.observe(refs);
        var supervisors = supervisors(refs.getFirst());

        provider = reopen();
        assertThat(provider.owned()).containsExactlyInAnyOrderElementsOf(refs);
        assertThat(provider.observe(refs)).isEqualTo(before);
        assertThat(start("survivors", 2)).isEqualTo(refs);
        assertThat(supervisors(refs.getFirst())).isEqualTo(supervisors);
        assertThat(read(refs.getFirst(), "kept.txt")).isEqualTo("mine");
    }

    @Test
    void aProcessThatWasNotRecordedIsFoundByItsMarkInsteadOfStartedAgain() throws Exception {
        var ref = start("unrecorded", 1).getFirst();
        reach(ref);
        var supervisors = supervisors(ref);
        Files.delete(folder(ref).path().resolve("process.json"));

        provider = reopen();
        assertThat(observe(ref)).isInstanceOf(Observation.Reachable.class);
        Files.delete(folder(ref).path().resolve("process.json"));
        assertThat(start("unrecorded", 1)).containsExactly(ref);
        assertThat(supervisors(ref)).isEqualTo(supervisors);
    }

    @Test
    void aPlaceWithoutAProcessIsStartedByTheRepeatedCall() throws Exception {
        var ref = new ContainerRef("local-reserved-0");
        Files.createDirectories(folder(ref).path());
        folder(ref).place(new AddressBook.Place("127.64.200.1", 8000, 2222));

        provider = reopen();
        assertThat(observe(ref)).isInstanceOf(Observation.Pending.class);
        assertThat(provider.owned()).containsExactly(ref);
        assertThat(start("reserved", 1)).containsExactly(ref);
        assertThat(reach(ref)).isEqualTo(new Address("127.64.200.1", 8000));
    }

    @Test
    void aStopThatWasCutShortIsFinishedByTheNextAndNothingIsLost() throws Exception {
        var ref = start("halfway", 1).getFirst();
        reach(ref);
        provider.attach(ref, ALICES);
        write(ref, "kept.txt", "mine");
        layout.bury(ref, "cut short");

        provider = reopen();
        assertThat(provider.owned()).containsExactly(ref);
        assertThat(observe(ref))
                .isEqualTo(new Observation.Gone(new Cause(Cause.Kind.STOPPED, "cut short")));
        provider.stop(ref, "again");
        assertThat(provider.owned()).isEmpty();
        assertThat(layout.workspace(ALICES).resolve("workspace/kept.txt")).hasContent("mine");
    }

    @Test
    void aMoveThatWasCutShortLosesNothing() throws Exception {
        Files.createDirectories(layout.workspace(ALICES).resolve("workspace"));
        Files.writeString(layout.workspace(ALICES).resolve("workspace/kept.txt"), "mine");
        var refs = start("cut-move", 2);
        refs.forEach(this::reach);
        folder(refs.getFirst()).workspace(ALICES); // and not moved
        provider = reopen();
        provider.stop(refs.getFirst(), "test");
        assertThat(layout.workspace(ALICES).resolve("workspace/kept.txt")).hasContent("mine");

        folder(refs.getLast()).workspace(ALICES);
        FileTrees.delete(folder(refs.getLast()).home()); // the blank one had gone
        provider.attach(refs.getLast(), ALICES);
        assertThat(read(refs.getLast(), "kept.txt")).isEqualTo("mine");
    }

    @Test
    void aPidThatIsUsedAgainIsNeitherTakenForTheContainerNorKilled() throws Exception {
        var stranger = new ProcessBuilder("sleep", "600").start();
        try {
            var ref = new ContainerRef("local-reused-0");
            Files.createDirectories(folder(ref).path());
            folder(ref).place(new AddressBook.Place("127.64.200.2", 8000, 2222));
            folder(ref).process(new ProcessIdentity(stranger.pid(), "another-boot:1"));
            provider = reopen();
            assertThat(observe(ref)).isInstanceOf(Observation.Gone.class);
            provider.stop(ref, "test");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void anEndIsHintedWithItsStatusAndTheLastLineOfItsLog() throws Exception {
        var heard = new CompletableFuture<ContainerRef>();
        provider.onChange(heard::complete);
        var ref = start("ending", 1).getFirst();
        run(ref, "echo 'no memory left' >&2");
        Files.writeString(folder(ref).log(), "starting\nno memory left\n");
        killSupervisor(ref);
        assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo(ref);
        until("it is gone", () -> observe(ref) instanceof Observation.Gone);
        assertThat(((Observation.Gone) observe(ref)).cause().detail())
                .contains("137")
                .contains("no memory left");
    }

    final void killSupervisor(ContainerRef ref) throws IOException {
        Marks.sandboxInit(processes(ref)).orElseGet(() -> processes0(ref).getFirst()).kill();
    }

    private List<ProcessIdentity> processes0(ContainerRef ref) {
        try {
            return processes(ref);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void nothingIsAttachedToWhatEnded() throws Exception {
        var ref = start("dead", 1).getFirst();
        reach(ref);
        killSupervisor(ref);
        until("it is gone", () -> observe(ref) instanceof Observation.Gone);
        assertThatThrownBy(() -> provider.attach(ref, ALICES))
                .isInstanceOf(ProviderException.class);
    }

    @Test
    void foldersThatTheirUserClosedAreKeptOrDeletedAllTheSame() throws Exception {
        var ref = start("closed", 1).getFirst();
        run(ref, "mkdir -p \"$TMPDIR/a/b\" && chmod 000 \"$TMPDIR/a\"");
        provider.stop(ref, "test");
        assertThat(folder(ref).path()).doesNotExist();
    }

    @Test
    void aContainersEnvironmentIsCleanAndItsHomeIsThere() throws Exception {
        var ref = start("clean", 1).getFirst();
        provider.attach(ref, ALICES);
        var names = new ArrayList<String>();
        for (var line : run(ref, "env; ls -d \"$HOME/workspace\"").lines().toList()) {
            names.add(line.replaceFirst("=.*", ""));
        }
        assertThat(names)
                .contains("AGENT_HOME", "AGENT_STATE", "PATH", "HOME")
                .doesNotContain("JAVA_HOME", "MAVEN_OPTS", "HOSTNAME")
                .last()
                .asString()
                .endsWith("/together/workspace");
    }

    @Test
    void aKeyThatIsNoFileNameIsRefused() {
        assertThatThrownBy(() -> provider.start(new Batch("../up", SHELL, 1)))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("key");
        provider.stop(new ContainerRef("local-../../x-0"), "test");
    }
}
