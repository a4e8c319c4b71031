package dev.runtimebridge.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.Catalog.Found;
import dev.runtimebridge.catalog.CatalogAdmin.Outcome;
import dev.runtimebridge.testing.FakeCatalog;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The catalogue in memory, and those who change it. */
class CatalogTest {
    private static final ImageChange PYTHON =
            new ImageChange(
                    "Python 3", "python", "python3", null, null, 250, 512, null, null, null);
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final ImageId FIRST = new ImageId(1);

    private final FakeCatalog store = new FakeCatalog();
    private final Catalog catalog = new Catalog(store, image -> true);
    private final CatalogAdmin admin = new CatalogAdmin(store, catalog);

    @BeforeEach
    void anImage() {
        admin.add(PYTHON);
    }

    @Test
    void aChangeOfOursIsSeenAtOnceAndThoseOfOthersWithTheNextLook() {
        assertThat(catalog.find(FIRST)).isInstanceOf(Found.Available.class);
        admin.change(FIRST, switchedOn(false), ANY);
        assertThat(catalog.find(FIRST)).isInstanceOf(Found.Unavailable.class);

        var elsewhere = new CatalogAdmin(store, new Catalog(store, image -> true));
        elsewhere.change(FIRST, switchedOn(true), ANY);
        assertThat(catalog.find(FIRST)).isInstanceOf(Found.Unavailable.class);
        catalog.refresh();
        assertThat(catalog.find(FIRST)).isInstanceOf(Found.Available.class);
    }

    @Test
    void whatWasReadLastStaysInUseWhileTheStoreIsDown() {
        store.down(true);
        assertThatThrownBy(catalog::refresh).isInstanceOf(StoreUnavailable.class);
        assertThat(catalog.entries()).hasSize(1);
        assertThatThrownBy(() -> new Catalog(store, image -> true).entries())
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void whoeverAsksWhileItIsReadForTheFirstTimeSharesThatReadAndItsFailure() throws Exception {
        var reads = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var broken =
                new Catalog(
                        new ImageStore() {
                            @Override
                            public List<Image> images() {
                                reads.incrementAndGet();
                                begun.countDown();
                                await(mayEnd);
                                throw new StoreUnavailable("away", null);
                            }

                            @Override
                            public List<Language> languages() {
                                return List.of();
                            }
                        },
                        image -> true);
        var askers = new ArrayList<Thread>();
        var failures = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            askers.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            broken.entries();
                                        } catch (StoreUnavailable e) {
                                            failures.incrementAndGet();
                                        }
                                    }));
        }
        begun.await();
        while (askers.stream().anyMatch(asker -> asker.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        for (var asker : askers) {
            asker.join();
        }
        assertThat(failures).hasValue(10);
        assertThat(reads).hasValue(1);
    }

    @Test
    void anEarlierReadReplacesNoLaterOne() throws Exception {
        var reads = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var slow =
                new Catalog(
                        new ImageStore() {
                            @Override
                            public List<Image> images() {
                                if (reads.getAndIncrement() > 0) {
                                    return store.images();
                                }
                                begun.countDown();
                                await(mayEnd);
                                return List.of();
                            }

                            @Override
                            public List<Language> languages() {
                                return List.of();
                            }
                        },
                        image -> true);
        var earlier = Thread.ofPlatform().start(slow::refresh);
        begun.await();
        var later = Thread.ofPlatform().start(slow::refresh);
        while (later.getState() != Thread.State.BLOCKED && later.isAlive()) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        earlier.join();
        later.join();
        assertThat(slow.entries()).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static final List<ImageChange> CHANGES_OF_WHAT_RUNS =
            List.of(
                    new ImageChange(
                            null, null, "python3.12", null, null, null, null, null, null, null),
                    new ImageChange(
                            null, null, null, "python:3", null, null, null, null, null, null),
                    new ImageChange(
                            null, null, null, null, "python:8", null, null, null, null, null),
                    new ImageChange(null, null, null, null, null, 500, null, null, null, null),
                    new ImageChange(null, null, null, null, null, null, 1024, null, null, null),
                    new ImageChange(
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            Architecture.ARM64,
                            null,
                            null));

    @ParameterizedTest
    @FieldSource("CHANGES_OF_WHAT_RUNS")
    void aChangeOfWhatRunsCountsTheRevisionUp(ImageChange change) {
        var changed = done(admin.change(FIRST, change, ANY));

        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.version()).isEqualTo(1);
        assertThat(catalog.image(FIRST)).contains(changed.image());
    }

    static final List<ImageChange> OTHER_CHANGES =
            List.of(
                    new ImageChange("Python", null, null, null, null, null, null, null, null, null),
                    new ImageChange(null, "snake", null, null, null, null, null, null, null, null),
                    price("0.01"),
                    switchedOn(false));

    @ParameterizedTest
    @FieldSource("OTHER_CHANGES")
    void anyOtherChangeLeavesItsContainersInSupply(ImageChange change) {
        var changed = done(admin.change(FIRST, change, ANY));

        assertThat(changed.revision()).isEqualTo(1);
        assertThat(changed.version()).isEqualTo(1);
    }

    @Test
    void whatIsSoAlreadyIsNoChange() {
        done(admin.change(FIRST, price("0.5"), ANY));
        assertThat(done(admin.change(FIRST, price("0.500"), ANY)).version()).isEqualTo(1);
        assertThat(done(admin.change(FIRST, PYTHON, ANY)).version()).isEqualTo(1);
    }

    @Test
    void aChangeOfWhatSomebodyElseHasChangedIsRefused() {
        done(admin.change(FIRST, price("1"), OptionalLong.of(0)));

        assertThat(admin.change(FIRST, price("2"), OptionalLong.of(0)))
                .isEqualTo(new Outcome.ChangedMeanwhile());
        assertThat(admin.entry(FIRST).orElseThrow().details().priceUsdPerHour())
                .isEqualTo(BigDecimal.ONE);
        assertThat(admin.change(new ImageId(9), price("2"), ANY))
                .isEqualTo(new Outcome.NoSuchImage());
    }

    @Test
    void aNewImageNeedsSomethingToRun() {
        var nothing = new ImageChange("X", "x", "", "", null, 250, 512, null, null, null);
        assertThatThrownBy(() -> admin.add(nothing)).hasMessageContaining("something to run");
        assertThatThrownBy(() -> admin.add(switchedOn(true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runtime-python",
                "runtime-python:",
                "runtime-python:0",
                "runtime-python:07",
                "runtime python:7",
                "arn:aws:ecs:eu-west-1:123456789012:task-definition/runtime-python",
                "arn:aws:ecs:eu-west-1:123456789012:task/runtime-python:7",
                "runtime-python:7\n"
            })
    void aTaskDefinitionWithoutItsRevisionIsRefused(String text) {
        assertThatThrownBy(
                        () ->
                                new ImageChange(
                                        null, null, null, null, text, null, null, null, null, null))
                .hasMessageContaining("runtime-python:7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "runtime-python:7",
                "arn:aws:ecs:eu-west-1:123456789012:task-definition/runtime-python:7",
                "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/x:12"
            })
    void aTaskDefinitionWithItsRevisionIsTaken(String text) {
        assertThat(
                        new ImageChange(null, null, null, null, text, null, null, null, null, null)
                                .taskDefinition())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.01", "1000000", "0.0000000001", "1e999999999"})
    void aPriceIsAnAmountThatCanBeStored(String amount) {
        assertThatThrownBy(() -> price(amount)).hasMessageContaining("US dollars");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/python3", "../python3", "python3 -c", "-c", ".hidden", "a;b"})
    void aLocalCommandIsAProgramsName(String text) {
        assertThatThrownBy(
                        () ->
                                new ImageChange(
                                        null, null, text, null, null, null, null, null, null, null))
                .hasMessageContaining("program's name");
    }

    private static ImageChange price(String amount) {
        return new ImageChange(
                null, null, null, null, null, null, null, null, new BigDecimal(amount), null);
    }

    private static ImageChange switchedOn(boolean on) {
        return new ImageChange(null, null, null, null, null, null, null, null, null, on);
    }

    private static CatalogEntry done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).entry();
    }
}
