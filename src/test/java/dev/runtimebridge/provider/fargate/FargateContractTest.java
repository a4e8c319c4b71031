package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.script.Definition;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderContract;

import org.junit.jupiter.api.AfterEach;

import java.time.Duration;
import java.util.List;

class FargateContractTest extends ProviderContract {
    private final EmulatedFargate aws =
            new EmulatedFargate(
                    Scenario.usual().withDefinitions(List.of(Definition.of("shell", 1))));

    @AfterEach
    void stop() {
        aws.close();
    }

    @Override
    protected Provider provider() {
        return aws.provider();
    }

    @Override
    protected Address reach(ContainerRef ref) {
        var seen = aws.observeFor(ref, Duration.ofSeconds(8));
        assertThat(seen).isInstanceOf(Observation.Reachable.class);
        return ((Observation.Reachable) seen).address();
    }

    @Override
    protected boolean keepsFiles() {
        return false;
    }

    @Override
    protected boolean knowsWorkspaces() {
        return false;
    }

    @Override
    protected void write(ContainerRef ref, String file, String text) {
        throw new UnsupportedOperationException("tasks keep no files");
    }

    @Override
    protected String read(ContainerRef ref, String file) {
        throw new UnsupportedOperationException("tasks keep no files");
    }
}
