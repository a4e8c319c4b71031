package dev.runtimebridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

class EventCursorPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final EventCursor cursor = new EventCursor();

    @Property
    void everyEventIsSeenInWhateverOrderTransactionsCommit(
            @ForAll("commits") List<Long> commits, @ForAll List<Boolean> polls) {
        var visible = new ArrayList<Long>();
        var seen = new HashSet<Long>();
        cursor.restart(0, NOW);
        for (int i = 0; i < commits.size(); i++) {
            visible.add(commits.get(i));
            if (i >= polls.size() || polls.get(i)) {
                poll(visible, seen);
            }
        }
        poll(visible, seen);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(commits);
    }

    private void poll(List<Long> visible, HashSet<Long> seen) {
        var missing = cursor.missing();
        var found =
                visible.stream()
                        .filter(id -> id > cursor.newest() || missing.contains(id))
                        .sorted()
                        .toList();
        seen.addAll(found);
        cursor.read(found, NOW);
    }

    @Provide
    Arbitrary<List<Long>> commits() {
        return Arbitraries.longs().between(1, 60).list().uniqueElements().ofMaxSize(40);
    }
}
