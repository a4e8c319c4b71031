package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Observation;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

final class UnseparatedTest extends LocalContract {
    private boolean wanted;

    @Override
    boolean sandbox() {
        return wanted;
    }

    @Test
    void itSaysThatContainersAreNotSeparated() {
        assertThat(provider.isolation().meaning())
                .anyMatch(line -> line.contains("not separated (switched off)"));
    }

    @Test
    void whereBubblewrapDoesNotWorkItsOwnReasonIsSaid() throws Exception {
        var bwrap =
                Files.writeString(
                        temporary.resolve("bwrap"),
                        "#!/bin/sh\necho 'bwrap: no namespaces' >&2\nexit 1\n");
        Files.setPosixFilePermissions(bwrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        searchPath = temporary + ":/usr/bin:/bin";
        wanted = true;
        assertThat(reopen().isolation().meaning())
                .anyMatch(
                        line -> line.contains("(bwrap does not work here: bwrap: no namespaces)"));
    }

    @Test
    void whatAKilledSupervisorLeavesIsGoneAndEndsWithTheStop() throws Exception {
        var ref = start("headless", 1).getFirst();
        run(ref, "setsid sleep 600 >/dev/null 2>&1 &");
        killSupervisor(ref);
        until("it is gone", () -> observe(ref) instanceof Observation.Gone);
        assertThat(processes(ref)).isNotEmpty();
        provider.stop(ref, "test");
        assertThat(processes(ref)).isEmpty();
    }
}
