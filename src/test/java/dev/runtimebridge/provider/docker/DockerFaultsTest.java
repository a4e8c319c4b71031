package dev.runtimebridge.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Workspace;
import dev.runtimebridge.testing.DockerRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What goes wrong with an engine: every end has its cause, and nothing is left behind. */
@Timeout(120)
final class DockerFaultsTest {
    private static final String BASE = "runtime-bridge/base";

    @TempDir private Path folder;
    private DockerRig rig = new DockerRig();

    @AfterEach
    void endEverything() {
        rig.close();
        assertThat(rig.leftovers()).isEmpty();
    }

    private static Image image(String reference, int memoryMebibytes) {
        return new Image(
                new ImageId(1),
                "Shell",
                "shell",
                1,
                new Image.Run("", reference, ""),
                new Image.Size(1000, memoryMebibytes, Architecture.X86_64),
                true);
    }

    private static Image image(String reference) {
        return image(reference, 256);
    }

    /** An image on the base that does something else than the base. */
    private Image odd(String name, String entrypoint, int memoryMebibytes) throws IOException {
        Files.writeString(
                folder.resolve("Dockerfile"), "FROM " + BASE + "\nENTRYPOINT " + entrypoint + "\n");
        var reference = "runtime-bridge-tests/" + name;
        rig.daemon.docker("build", "--quiet", "--tag", reference, folder.toString());
        return image(reference, memoryMebibytes);
    }

    private ContainerRef startOne(Image image) {
        return ((Started.Accepted) rig.provider().start(new Batch("one", image, 1)).getFirst())
                .ref();
    }

    private Cause end(ContainerRef ref) {
        while (true) {
            if (rig.look(ref) instanceof Observation.Gone(var cause)) {
                return cause;
            }
            DockerRig.pause();
        }
    }

    @Test
    void whereNoEngineAnswersEveryCallSaysSoAndMayBeRepeated() {
        var settings =
                new DockerSettings(
                        URI.create("unix://" + folder.resolve("nobody.sock")),
                        "nobody",
                        BASE,
                        Optional.empty(),
                        8000,
                        () -> URI.create("http://127.0.0.1:1"),
                        Map.of(),
                        DockerSettings.GRACE);
        try (var provider = DockerProvider.open(settings, InstantSource.system())) {
            for (Runnable call :
                    List.<Runnable>of(
                            () -> provider.start(new Batch("key", image(BASE), 1)),
                            () -> provider.observe(List.of()),
                            provider::owned)) {
                assertThatThrownBy(call::run)
                        .isInstanceOfSatisfying(
                                ProviderException.class,
                                e -> {
                                    assertThat(e.repeatable()).isTrue();
                                    assertThat(e.why().kind()).isEqualTo(Kind.INFRASTRUCTURE);
                                    assertThat(e.why().text())
                                            .contains("does not answer", "start Docker");
                                });
            }
            assertThat(provider.trouble().orElseThrow()).contains("does not answer");
        }
    }

    @Test
    void anImageThatIsNotBuiltIsAFaultOfItsOwn() {
        assertThat(rig.provider().offers(image("runtime-bridge/cobol"))).isFalse();
        assertThatThrownBy(() -> startOne(image("runtime-bridge/cobol")))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> {
                            assertThat(e.repeatable()).isFalse();
                            assertThat(e.why().kind()).isEqualTo(Kind.IMAGE);
                            assertThat(e.why().hint()).contains("./bridge images build");
                        });
        assertThat(rig.provider().owned()).isEmpty();
    }

    @Test
    void anImageThatCannotBeFetchedEndsWhatWaitsForIt() {
        var ref = startOne(image("registry.invalid/some:1"));
        var cause = end(ref);
        assertThat(cause.kind()).isEqualTo(Kind.IMAGE);
        assertThat(cause.detail()).contains("cannot be reached");
    }

    @Test
    void aNetworkWithoutAFreeAddressDeclinesWhatDoesNotFitAndTakesMoreWhenThereIsRoom() {
        rig.close();
        rig = new DockerRig(Optional.of(rig.daemon.subnet(0).replace("/26", "/29")));
        var answers = rig.provider().start(new Batch("many", image(BASE), 8));
        var accepted =
                answers.stream()
                        .filter(Started.Accepted.class::isInstance)
                        .map(answer -> ((Started.Accepted) answer).ref())
                        .toList();
        assertThat(accepted).hasSize(5);
        assertThat(answers)
                .filteredOn(Started.Declined.class::isInstance)
                .hasSize(3)
                .allSatisfy(
                        answer -> {
                            var cause = ((Started.Declined) answer).cause();
                            assertThat(cause.kind()).isEqualTo(Kind.CAPACITY);
                            assertThat(cause.text()).contains("no free address", "DOCKER_SUBNET");
                        });
        assertThat(rig.provider().owned()).containsExactlyInAnyOrderElementsOf(accepted);

        rig.provider().stop(accepted.getFirst(), "test");
        assertThat(rig.provider().start(new Batch("more", image(BASE), 1)).getFirst())
                .isInstanceOf(Started.Accepted.class);
    }

    @Test
    void anEngineThatDiesAndReturnsIsTakenUpAgain() throws Exception {
        var before = startOne(image(BASE));
        rig.reach(before);
        rig.daemon.kill();
        assertThatThrownBy(() -> rig.look(before))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.repeatable()).isTrue());
        assertThatThrownBy(() -> rig.provider().start(new Batch("two", image(BASE), 1)))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.repeatable()).isTrue());
        rig.daemon.startAgain();
        var after = rig.provider().start(new Batch("two", image(BASE), 1)).getFirst();
        rig.reach(((Started.Accepted) after).ref());
        assertThat(rig.provider().owned()).hasSize(2);
        rig.provider().stop(before, "test");
        assertThat(rig.look(before)).isInstanceOf(Observation.Gone.class);
    }

    @Test
    void anEngineThatDiesInTheMiddleOfALaunchFinishesItWhenItIsBack() throws Exception {
        var four = new Batch("four", image(BASE), 4);
        rig.provider().gateway();
        var launch = CompletableFuture.supplyAsync(() -> rig.provider().start(four));
        while (rig.provider().owned().isEmpty()) {
            DockerRig.pause();
        }
        rig.daemon.kill();
        assertThatThrownBy(launch::join)
                .cause()
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.repeatable()).isTrue());
        rig.daemon.startAgain();
        var refs =
                rig.provider().start(four).stream()
                        .map(answer -> ((Started.Accepted) answer).ref())
                        .toList();
        assertThat(rig.provider().owned()).containsExactlyInAnyOrderElementsOf(refs).hasSize(4);
        refs.forEach(rig::reach);
    }

    @Test
    void anEngineIsReachedOverTcpAsWell() {
        rig.close();
        rig = new DockerRig(rig.daemon.tcp(), Optional.empty());
        var ref = startOne(image(BASE));
        rig.reach(ref);
        rig.provider().attach(ref, workspace("somebodys"));
        assertThat(rig.inside(ref, "pwd")).isEqualTo("/home/together\n");
        rig.provider().stop(ref, "test");
        assertThat(rig.look(ref)).isInstanceOf(Observation.Gone.class);
    }

    @Test
    void anImageThatTheEngineLacksIsFetchedAndThenStarted() throws Exception {
        try (var registry = new DockerRegistry(folder)) {
            var reference = registry.reference("small:1");
            Files.copy(Path.of("/usr/bin/tini-static"), folder.resolve("tini"));
            Files.writeString(
                    folder.resolve("Dockerfile"),
                    "FROM scratch\nCOPY tini /\nENTRYPOINT [\"/tini\", \"--version\"]\n");
            rig.daemon.docker("build", "--quiet", "--tag", reference, folder.toString());
            rig.daemon.docker("push", "--quiet", reference);
            rig.daemon.docker("rmi", reference);

            assertThat(rig.provider().offers(image(reference))).isTrue();
            var ref = startOne(image(reference));
            assertThat(end(ref).detail()).startsWith("it ended with status 0: tini version");
            rig.provider().stop(ref, "test");
            rig.daemon.docker("rmi", reference);
        }
    }

    @Test
    void aDiskThatOneUserFillsIsSaidToBeFullAndOthersWorkOnAndThenItHasRoomAgain() {
        rig.homesOn(32);
        var greedy = startOne(image(BASE));
        var other = startOne("two");
        var idle = startOne("three");
        var address = rig.reach(other);
        rig.reach(greedy);
        rig.reach(idle);
        rig.provider().attach(greedy, workspace("greedy"));
        rig.provider().attach(other, workspace("other"));
        for (var file : List.of("/tmp/big", "/home/together/big")) {
            assertThat(rig.inside(greedy, "dd if=/dev/zero of=" + file + " bs=1M 2>&1 || :"))
                    .contains("No space left on device");
        }

        assertThat(rig.reach(other)).isEqualTo(address);
        assertThat(rig.inside(other, "wc -c <.profile").strip()).isNotEqualTo("0");
        assertThatThrownBy(() -> rig.provider().attach(idle, workspace("new")))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> {
                            assertThat(e.repeatable()).isTrue();
                            isFull(e.why());
                        });
        isFull(end(startOne("four")));

        rig.inside(greedy, "rm /tmp/big big");
        rig.provider().attach(idle, workspace("new"));
        assertThat(rig.inside(idle, "wc -c <.profile").strip()).isNotEqualTo("0");
        rig.reach(startOne("five"));
    }

    private static Workspace workspace(String owner) {
        return Workspace.of(new UserId(owner), new ImageId(1), Slot.DEFAULT);
    }

    private static void isFull(Cause why) {
        assertThat(why.kind()).isEqualTo(Kind.INFRASTRUCTURE);
        assertThat(why.text()).contains("disk is full", "make room");
    }

    private ContainerRef startOne(String key) {
        var batch = new Batch(key, image(BASE), 1);
        return ((Started.Accepted) rig.provider().start(batch).getFirst()).ref();
    }

    @Test
    void anAgentWithoutSettingsIsAFaultOfConfiguration() throws Exception {
        var image = odd("unset", "[\"sh\", \"-c\", \"echo AGENT_X is not set; exit 78\"]", 256);
        var cause = end(startOne(image));
        assertThat(cause.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(cause.detail()).endsWith("AGENT_X is not set");
    }

    @Test
    void anEndOfItsOwnSaysHowAndItsLastWords() throws Exception {
        var cause = end(startOne(odd("fails", "[\"sh\", \"-c\", \"echo why; exit 3\"]", 256)));
        assertThat(cause.kind()).isEqualTo(Kind.EXITED);
        assertThat(cause.detail()).isEqualTo("it ended with status 3: why");
    }

    @Test
    void aProgramThatIsNotThereIsTheImagesFault() throws Exception {
        var image = odd("nothing", "[\"/no/such/program\"]", 256);
        assertThatThrownBy(() -> startOne(image))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> assertThat(e.why().kind()).isEqualTo(Kind.IMAGE));
        assertThat(rig.provider().owned()).isEmpty();
    }

    @Test
    void whatUsesMoreMemoryThanItMayIsSaidToHave() throws Exception {
        var cause = end(startOne(odd("greedy", "[\"tail\", \"/dev/zero\"]", 32)));
        assertThat(cause.kind()).isEqualTo(Kind.OUT_OF_MEMORY);
        assertThat(cause.detail()).isEqualTo("it used more memory than its 32 MiB");
    }
}
