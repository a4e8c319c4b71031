package dev.runtimebridge.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.EntryStore.Written;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What every store of the catalogue must do. */
abstract class CatalogStoreContract {
    private static final ImageDetails KOTLIN =
            new ImageDetails(
                    "Kotlin 2 (naïve ☕)",
                    "kotlin",
                    new Image.Run("kotlinc", "registry.example/kotlin:2", "runtime-kotlin:7"),
                    new Image.Size(250, 512, Architecture.ARM64),
                    new BigDecimal("0.012342500"),
                    true);

    private EntryStore store;
    private ImageStore images;

    abstract EntryStore entries();

    abstract ImageStore images();

    @BeforeEach
    void open() {
        store = entries();
        images = images();
    }

    @Test
    void whatIsAddedIsReadAgainToTheLastDecimal() {
        var before = store.entries();
        var added = stored(store.add(KOTLIN));

        assertThat(added).isEqualTo(new CatalogEntry(added.id(), 1, KOTLIN, 0));
        assertThat(store.entry(added.id())).contains(added);
        assertThat(store.entries())
                .containsExactlyElementsOf(
                        Stream.concat(before.stream(), Stream.of(added)).toList());
        assertThat(added.details().priceUsdPerHour()).isEqualTo(new BigDecimal("0.0123425"));
        assertThat(images.images()).contains(added.image());
    }

    @Test
    void anIdIsNewAndALanguageComesLast() {
        var first = stored(store.add(KOTLIN));
        var second = stored(store.add(named("Kotlin 3")));

        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(images.languages())
                .extracting(Language::name)
                .endsWith("kotlin")
                .doesNotHaveDuplicates();
    }

    @Test
    void aNameIsTakenWithinItsLanguageAlone() {
        var first = stored(store.add(KOTLIN));

        assertThat(store.add(KOTLIN)).isEqualTo(new Written.NameTaken(first.id()));
        var other =
                stored(
                        store.add(
                                new ImageDetails(
                                        KOTLIN.name(),
                                        "shell",
                                        KOTLIN.run(),
                                        KOTLIN.size(),
                                        BigDecimal.ZERO,
                                        false)));
        assertThat(store.change(other.become(KOTLIN))).isEqualTo(new Written.NameTaken(first.id()));
        assertThat(store.entry(other.id())).contains(other);
    }

    @Test
    void aChangeReplacesTheVersionBeforeAndNoOther() {
        var first = stored(store.add(KOTLIN));
        var second = first.become(named("Kotlin 3"));

        assertThat(stored(store.change(second))).isEqualTo(second);
        assertThat(store.change(first.become(named("Kotlin 4")))).isEqualTo(new Written.Stale());
        assertThat(store.entry(first.id())).contains(second);
        assertThat(store.change(new CatalogEntry(new ImageId(987_654), 1, named("x"), 1)))
                .isEqualTo(new Written.Stale());
    }

    @Test
    void aStaleChangeLeavesNoLanguageBehind() {
        var first = stored(store.add(KOTLIN));
        var stale =
                new ImageDetails("Zig", "zig", KOTLIN.run(), KOTLIN.size(), BigDecimal.ZERO, true);

        assertThat(store.change(new CatalogEntry(first.id(), 1, stale, 7)))
                .isEqualTo(new Written.Stale());
        assertThat(images.languages()).extracting(Language::name).doesNotContain("zig");
    }

    @Test
    void ofManyWhoChangeOrAddAtOnceEachNameAndEachVersionGoesToOne() throws Exception {
        var shared = stored(store.add(KOTLIN));
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changes = new ArrayList<Future<Written>>();
            var additions = new ArrayList<Future<Written>>();
            for (int i = 0; i < 8; i++) {
                var next = shared.become(named("changed " + i));
                var fresh = named("fresh " + i / 2);
                changes.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return store.change(next);
                                }));
                additions.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return store.add(fresh);
                                }));
            }
            start.countDown();
            assertThat(storedOf(changes)).hasSize(1);
            assertThat(new HashSet<>(storedOf(additions))).hasSize(4);
        }
        assertThat(store.entries())
                .filteredOn(entry -> entry.details().name().startsWith("fresh"))
                .extracting(CatalogEntry::id)
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    private static List<CatalogEntry> storedOf(List<Future<Written>> writes) throws Exception {
        var stored = new ArrayList<CatalogEntry>();
        for (var write : writes) {
            if (write.get() instanceof Written.Stored(var entry)) {
                stored.add(entry);
            }
        }
        return stored;
    }

    private static ImageDetails named(String name) {
        return new ImageDetails(
                name,
                KOTLIN.language(),
                KOTLIN.run(),
                KOTLIN.size(),
                KOTLIN.priceUsdPerHour(),
                KOTLIN.enabled());
    }

    private static CatalogEntry stored(Written written) {
        assertThat(written).isInstanceOf(Written.Stored.class);
        return ((Written.Stored) written).entry();
    }
}
