package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.testing.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class PlacesTest {
    private static final Place SPOT_A = new Place(Capacity.SPOT, "subnet-a");
    private static final Place SPOT_B = new Place(Capacity.SPOT, "subnet-b");
    private static final Place A = new Place(Capacity.ON_DEMAND, "subnet-a");
    private static final Place B = new Place(Capacity.ON_DEMAND, "subnet-b");

    private final SettableClock clock = new SettableClock();

    private Places places(Capacity capacity) {
        return new Places(capacity, List.of("subnet-a", "subnet-b"), clock);
    }

    private static List<Place> next(Places places, int count) {
        return Stream.generate(places::next).limit(count).toList();
    }

    @Test
    void batchesSpreadOverTheSubnets() {
        assertThat(next(places(Capacity.ON_DEMAND), 4)).containsOnly(A, B).containsSequence(A, B);
    }

    @Test
    void aFullSubnetIsLeftAloneForAWhile() {
        var places = places(Capacity.ON_DEMAND);
        assertThat(places.full(A)).isTrue();
        assertThat(next(places, 3)).containsOnly(B);
        clock.pass(Places.LEFT_ALONE_FOR);
        assertThat(next(places, 2)).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void onDemandIsTakenOnceThereIsNoSpotAnywhere() {
        var places = places(Capacity.SPOT);
        assertThat(next(places, 2)).containsExactlyInAnyOrder(SPOT_A, SPOT_B);
        places.full(SPOT_A);
        assertThat(next(places, 2)).containsOnly(SPOT_B);
        assertThat(places.full(SPOT_B)).isTrue();
        assertThat(next(places, 2)).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void somebodyWhoTriesOnAndOnIsToldAfterEachPlaceWasTriedOnce() {
        var places = places(Capacity.SPOT);
        int tries = 1;
        while (places.full(places.next())) {
            tries++;
        }
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void whenAllAreFullTheOneThatWasFullLongestAgoIsNext() {
        var places = places(Capacity.ON_DEMAND);
        places.full(B);
        clock.pass(Duration.ofSeconds(1));
        assertThat(places.full(A)).isFalse();
        assertThat(next(places, 2)).containsOnly(B);
    }

    @Test
    void aPlaceIsReadAsItWasWritten() {
        for (var place : List.of(SPOT_A, B)) {
            assertThat(Place.of(place.text())).contains(place);
        }
        assertThat(Place.of("")).isEmpty();
        assertThat(Place.of("somewhere")).isEmpty();
    }
}
