package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Observation;

import org.junit.jupiter.api.Test;

final class UnseparatedTest extends LocalContract {
    @Override
    boolean sandbox() {
        return false;
    }

    @Test
    void itSaysThatContainersAreNotSeparated() {
        assertThat(provider.isolation().meaning())
                .anyMatch(line -> line.contains("not separated (switched off)"));
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
