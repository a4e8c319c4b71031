package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Observation;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

final class BubblewrapTest extends LocalContract {
    @Override
    boolean sandbox() {
        return true;
    }

    @Test
    void usersSeeNeitherEachOthersFilesNorProcesses() throws Exception {
        var refs = start("neighbours", 2);
        refs.forEach(this::reach);
        provider.attach(refs.getFirst(), ALICES);
        provider.attach(refs.getLast(), BOBS);
        write(refs.getFirst(), "secret.txt", "mine");
        run(refs.getFirst(), "setsid sleep 604 >/dev/null 2>&1 &");
        run(refs.getFirst(), "echo mine >/tmp/secret.txt; echo mine >/dev/shm/secret.txt");

        assertThat(run(refs.getLast(), "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"))
                .doesNotContain("604");
        assertThat(run(refs.getLast(), "find /home /tmp /dev/shm /run /var -name secret.txt"))
                .isEmpty();
        assertThat(run(refs.getLast(), "ls -A /home")).isEqualTo("together");
        assertThat(run(refs.getLast(), "ls " + temporary)).contains("No such file");
    }

    @Test
    void nobodyIsRootInsideNorOutside() throws Exception {
        var ref = start("unprivileged", 1).getFirst();
        provider.attach(ref, ALICES);
        assertThat(run(ref, "whoami; id -u")).startsWith("together").doesNotEndWith("\n0");
        assertThat(run(ref, "touch /usr/x /x /etc/x 2>&1 | grep -c 'Read-only\\|denied'"))
                .isEqualTo("3");
        assertThat(run(ref, "grep CapEff /proc/self/status")).endsWith("0000000000000000");
        assertThat(run(ref, "cat /etc/shadow")).contains("No such file");
        write(ref, "mine.txt", "mine");
        var outside =
                Files.getAttribute(folder(ref).home().resolve("workspace/mine.txt"), "unix:uid");
        assertThat(outside).isNotEqualTo(0);
    }

    @Test
    void theHomeIsTheSamePathAtEveryLaunchAndKeepsItsDotFiles() throws Exception {
        var first = start("first-home", 1).getFirst();
        reach(first);
        provider.attach(first, ALICES);
        assertThat(run(first, "echo $HOME; echo set -o vi >~/.inputrc"))
                .isEqualTo("/home/together");
        provider.stop(first, "test");
        var second = start("second-home", 1).getFirst();
        reach(second);
        provider.attach(second, ALICES);
        assertThat(run(second, "cat ~/.inputrc")).isEqualTo("set -o vi");
    }

    @Test
    void evenAClearedEnvironmentDoesNotOutliveItsContainer() throws Exception {
        var ref = start("cleared", 1).getFirst();
        run(ref, "env -i setsid sh -c '(sleep 605 &)' >/dev/null 2>&1 &");
        until("it runs", () -> sleepers("605") == 1);
        provider.stop(ref, "test");
        assertThat(sleepers("605")).isZero();
    }

    @Test
    void theContainerOutlivesTheProcessThatSetItUp() throws Exception {
        var ref = start("orphaned", 1).getFirst();
        reach(ref);
        folder(ref).process().orElseThrow().kill();
        until("it has ended", () -> processes1(ref) == 1 || processes1(ref) == 2);
        assertThat(observe(ref)).isInstanceOf(Observation.Reachable.class);
        assertThat(run(ref, "echo here")).isEqualTo("here");
        provider.stop(ref, "test");
        assertThat(processes(ref)).isEmpty();
    }

    private int processes1(dev.runtimebridge.provider.ContainerRef ref) {
        try {
            return processes(ref).size();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void onlyProgramsThatAreVisibleInsideAreOffered() {
        assertThat(provider.offers(SHELL)).isTrue();
        assertThat(provider.offers(needing("no-such-program"))).isFalse();
        assertThat(provider.offers(needing(""))).isFalse();
    }

    @Test
    void aVersionManagersToolchainInAHomeIsThereAndNothingElseOfThatHome() throws Exception {
        var home = temporary.resolve("developer");
        var node = program(home.resolve(".nvm/versions/node/v99/bin/fake-node"));
        var current = Files.createSymbolicLink(home.resolve("current"), node.getParent());
        var own = program(home.resolve(".local/bin/own-tool"));
        var secret = Files.writeString(home.resolve(".nvm/secret"), "mine");
        searchPath = current + ":" + own.getParent() + ":/usr/bin:/bin";
        provider = reopen();

        assertThat(provider.offers(needing("fake-node"))).isTrue();
        assertThat(provider.offers(needing("own-tool"))).isFalse();
        var ref = start("toolchain", 1).getFirst();
        assertThat(run(ref, "fake-node; command -v own-tool; cat " + secret))
                .startsWith("fake-node runs")
                .doesNotContain("own-tool", "mine");
        assertThat(run(ref, "touch " + node.resolveSibling("x"))).contains("Read-only");
    }

    private static Path program(Path file) throws java.io.IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho " + file.getFileName() + " runs\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void terminalsWorkInside() throws Exception {
        var ref = start("terminal", 1).getFirst();
        assertThat(run(ref, "script -qc tty /dev/null </dev/null")).contains("/dev/pts/0");
    }

    private static Image needing(String program) {
        return new Image(
                SHELL.id(),
                "X",
                "x",
                1,
                new Image.Run(program, "", ""),
                new Image.Size(250, 512, Architecture.X86_64),
                true);
    }

    private static long sleepers(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).equals("sleep\0" + seconds + "\0"))
                .count();
    }

    @Test
    void theBridgesFolderIsNotThere() throws Exception {
        var ref = start("secluded", 1).getFirst();
        assertThat(run(ref, "cat /proc/self/mountinfo"))
                .doesNotContain(Path.of("workspaces").toString());
    }
}
