package dev.runtimebridge.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;

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
