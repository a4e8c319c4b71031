package dev.runtimebridge.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/** The contract, on a real engine with real images. */
@Timeout(120)
final class DockerContractTest extends ProviderContract {
    private final DockerRig rig = new DockerRig();

    @AfterEach
    void endEverything() {
        rig.close();
        assertThat(rig.leftovers()).isEmpty();
    }

    @Override
    protected Provider provider() {
        return rig.provider();
    }

    @Override
    protected boolean keepsFiles() {
        return true;
    }

    @Override
    protected Address reach(ContainerRef ref) {
        return rig.reach(ref);
    }

    @Override
    protected void write(ContainerRef ref, String file, String text) {
        rig.inside(ref, "cat >workspace/" + file + " <<'end'\n" + text + "\nend");
    }

    @Override
    protected String read(ContainerRef ref, String file) {
        return rig.inside(ref, "cat workspace/" + file + " 2>/dev/null || :").strip();
    }

    Observation look(ContainerRef ref) {
        return provider().observe(List.of(ref)).get(ref);
    }
}
