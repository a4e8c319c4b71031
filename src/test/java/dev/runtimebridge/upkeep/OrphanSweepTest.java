package dev.runtimebridge.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runtimebridge.fleet.StaleLeaseException;
import dev.runtimebridge.testing.FleetRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Set;

class OrphanSweepTest {
    private final FleetRig rig = new FleetRig();
    private final OrphanSweep sweep = new OrphanSweep(rig.store, rig.provider, rig.clock);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aContainerWithoutARowIsStoppedWhenASecondSweepStillDoesNotKnowIt() {
        var orphan = rig.provider.plantStranger(rig.images.get(FleetRig.PYTHON));
        assertThat(sweep.run(rig.lease())).isEqualTo(new OrphanSweep.Finding.Stopped(Set.of()));
        assertThat(sweep.run(rig.lease()))
                .isEqualTo(new OrphanSweep.Finding.Stopped(Set.of(orphan)));
        assertThat(rig.provider.running()).isEmpty();
    }

    @Test
    void containersWithARowAreLeftAlone() {
        rig.ask("7");
        rig.turns(6);
        sweep.run(rig.lease());
        sweep.run(rig.lease());
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void aContainerWhoseRowIsNotWrittenYetIsSpared() {
        rig.ask("7");
        rig.turn();
        assertThat(rig.provider.running()).hasSize(1);
        sweep.run(rig.lease());
        rig.turns(5);
        sweep.run(rig.lease());
        assertThat(rig.provider.running()).hasSize(1);
    }

    @Test
    void aSweepThatWouldStopSuspiciouslyManyStopsNoneAndRaisesAnAlarm() {
        for (int i = 0; i < 6; i++) {
            rig.provider.plantStranger(rig.images.get(FleetRig.PYTHON));
        }
        sweep.run(rig.lease());
        assertThat(sweep.run(rig.lease())).isEqualTo(new OrphanSweep.Finding.Alarm(6, 6));
        assertThat(rig.provider.running()).hasSize(6);
    }

    @Test
    void aStaleHolderStopsNothing() {
        var stale = rig.lease();
        rig.provider.plantStranger(rig.images.get(FleetRig.PYTHON));
        sweep.run(stale);
        rig.restart();
        assertThatExceptionOfType(StaleLeaseException.class).isThrownBy(() -> sweep.run(stale));
        assertThat(rig.provider.running()).hasSize(1);
    }
}
