package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.testing.SettableClock;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

class TaskWatchTest {
    private static final Cause ENDED = new Cause(Kind.EXITED, "it ended");

    private final SettableClock clock = new SettableClock();
    private final TaskWatch watch =
            new TaskWatch(clock, new LookTimes(5), 8000, false, AwsCalls.Pace.UNSEEN);

    private static ContainerRef task(int number) {
        return new ContainerRef("task-" + number);
    }

    private static List<ContainerRef> tasks(int count) {
        return IntStream.range(0, count).mapToObj(TaskWatchTest::task).toList();
    }

    private static Sighting starting(long version) {
        return new Sighting(version, "PENDING", null, null, null, false, false, null, null);
    }

    private static Sighting running(long version, String ip) {
        return new Sighting(version, "RUNNING", ip, "eni-1", null, false, true, null, null);
    }

    private static Sighting ended(long version) {
        return new Sighting(version, "STOPPED", null, null, null, false, false, null, ENDED);
    }

    /** Asks as the loop does, four times a second, and answers what {@code says}. */
    private int looks(List<ContainerRef> refs, Duration time, Sighting says) {
        int calls = 0;
        for (var left = time; left.isPositive(); left = left.minusMillis(250)) {
            var due = watch.due(refs);
            calls += Math.ceilDiv(due.size(), TaskWatch.MOST_PER_CALL);
            if (!due.isEmpty()) {
                var seen = new HashMap<ContainerRef, Sighting>();
                due.forEach(ref -> seen.put(ref, says));
                watch.saw(due, seen);
            }
            clock.pass(Duration.ofMillis(250));
        }
        return calls;
    }

    @Test
    void aTaskIsNotLookedAtBeforeAwsCanShowAnInterface() {
        watch.started(task(1), starting(1));
        assertThat(looks(List.of(task(1)), Duration.ofSeconds(3), starting(1))).isZero();
        assertThat(looks(List.of(task(1)), Duration.ofMillis(250), starting(1))).isEqualTo(1);
    }

    @Test
    void aHundredTasksCostNoMoreCallsThanOne() {
        tasks(100).forEach(ref -> watch.started(ref, starting(1)));
        assertThat(looks(tasks(100), Duration.ofSeconds(5), starting(1))).isBetween(2, 3);
    }

    @Test
    void tasksThatStartOneAfterTheOtherShareCalls() {
        var refs = new ArrayList<ContainerRef>();
        int calls = 0;
        for (int second = 0; second < 50; second++) {
            for (int i = 0; i < 20; i++) {
                var ref = task(second * 20 + i);
                refs.add(ref);
                watch.started(ref, starting(1));
            }
            // ready, and no longer asked about, after four seconds
            refs.subList(0, Math.max(0, refs.size() - 80)).clear();
            calls += looks(List.copyOf(refs), Duration.ofSeconds(1), starting(1));
        }
        assertThat(calls).isLessThanOrEqualTo(80);
    }

    @Test
    void whatRunsIsLookedAtNowAndThenAndMoreRarelyWhereThereIsMuchOfIt() {
        tasks(100).forEach(ref -> watch.started(ref, running(2, "10.0.0.1")));
        looks(tasks(100), Duration.ofSeconds(5), running(2, "10.0.0.1"));
        assertThat(looks(tasks(100), Duration.ofMinutes(1), running(2, "10.0.0.1")))
                .isBetween(5, 7);

        tasks(10_000).forEach(ref -> watch.started(ref, running(2, "10.0.0.1")));
        looks(tasks(10_000), Duration.ofSeconds(30), running(2, "10.0.0.1"));
        assertThat(looks(tasks(10_000), Duration.ofMinutes(1), running(2, "10.0.0.1")))
                .isLessThanOrEqualTo(5 * 60 + 100);
    }

    @Test
    void aCallHomeIsLookedAtAtOnce() {
        watch.started(task(1), starting(1));
        assertThat(watch.due(List.of(task(1)))).isEmpty();
        watch.suspect(task(1));
        assertThat(watch.due(List.of(task(1)))).containsExactly(task(1));
    }

    @Test
    void nobodyAsksTwiceForTheSameAnswer() {
        watch.started(task(1), starting(1));
        watch.suspect(task(1));
        var due = watch.due(List.of(task(1)));
        watch.suspect(task(1));
        assertThat(watch.due(List.of(task(1)))).isEmpty();
        watch.failed(due);
        clock.pass(Duration.ofSeconds(2));
        assertThat(watch.due(List.of(task(1)))).containsExactly(task(1));
    }

    @Test
    void aYoungTaskThatAwsDoesNotKnowYetIsPendingAndALaterOneIsGone() {
        watch.started(task(1), Sighting.UNKNOWN);
        for (int i = 0; i < 10; i++) {
            watch.suspect(task(1));
            watch.saw(watch.due(List.of(task(1))), Map.of());
            assertThat(watch.observation(task(1))).isInstanceOf(Observation.Pending.class);
            clock.pass(Duration.ofSeconds(10));
        }
        clock.pass(Duration.ofSeconds(30));
        watch.suspect(task(1));
        watch.saw(watch.due(List.of(task(1))), Map.of());
        assertThat(watch.observation(task(1)))
                .isInstanceOfSatisfying(
                        Observation.Gone.class,
                        gone -> assertThat(gone.cause().kind()).isEqualTo(Kind.LOST));
    }

    @Test
    void aTaskThatIsAskedAboutAfterARestartIsLookedAtAtOnceAndGetsTheSamePatience() {
        assertThat(watch.due(List.of(task(1)))).containsExactly(task(1));
        watch.saw(List.of(task(1)), Map.of());
        assertThat(watch.observation(task(1))).isInstanceOf(Observation.Pending.class);
    }

    @Test
    void anAddressMakesItReachableThoughItsImageIsStillBeingFetched() {
        watch.started(task(1), starting(1));
        watch.heard(
                task(1),
                new Sighting(2, "PENDING", "10.0.0.7", "eni", null, true, false, null, null));
        assertThat(watch.observation(task(1)))
                .isEqualTo(new Observation.Reachable(new Address("10.0.0.7", 8000), true));
    }

    @Test
    void aPublicAddressIsWaitedForAndSaidToBeMissing() {
        var publicly = new TaskWatch(clock, new LookTimes(5), 8000, true, AwsCalls.Pace.UNSEEN);
        publicly.started(task(1), running(2, "10.0.0.7"));
        assertThat(publicly.observation(task(1)))
                .isEqualTo(new Observation.Pending("RUNNING, without a public address"));
        assertThat(publicly.withoutPublicAddress(List.of(task(1))))
                .isEqualTo(Map.of(task(1), "eni-1"));
        publicly.foundPublicAddress(task(1), "192.0.2.7");
        assertThat(publicly.observation(task(1)))
                .isEqualTo(new Observation.Reachable(new Address("192.0.2.7", 8000)));
        assertThat(publicly.withoutPublicAddress(List.of(task(1)))).isEmpty();
    }

    /** Events repeat and come in any order, between looks that are late themselves. */
    @Property(tries = 200)
    void whateverOrderNewsComesInTheNewestCounts(@ForAll long seed) {
        var random = new Random(seed);
        var story = List.of(starting(1), starting(2), running(3, "10.0.0.1"), ended(4));
        var news = new ArrayList<>(story);
        news.addAll(story);
        Collections.shuffle(news, random);
        var fresh = new TaskWatch(clock, new LookTimes(5), 8000, false, AwsCalls.Pace.UNSEEN);
        fresh.started(task(1), Sighting.UNKNOWN);
        long newest = 0;
        for (var one : news) {
            if (random.nextBoolean()) {
                boolean told = fresh.heard(task(1), one);
                assertThat(told).isEqualTo(one.version() > newest);
            } else {
                fresh.suspect(task(1));
                var due = fresh.due(List.of(task(1)));
                fresh.saw(due, due.isEmpty() ? Map.of() : Map.of(task(1), one));
            }
            newest = Math.max(newest, one.version());
            assertThat(fresh.sighting(task(1)).orElseThrow().version()).isEqualTo(newest);
        }
        assertThat(fresh.observation(task(1))).isEqualTo(new Observation.Gone(ENDED));
    }

    @Test
    void whatWeStoppedIsGoneWhateverAwsStillSays() {
        watch.started(task(1), running(2, "10.0.0.1"));
        watch.stopped(task(1), new Cause(Kind.STOPPED, "its owner asked"));
        assertThat(watch.heard(task(1), running(3, "10.0.0.1"))).isFalse();
        assertThat(watch.observation(task(1))).isInstanceOf(Observation.Gone.class);
        assertThat(watch.due(List.of(task(1)))).isEmpty();
    }
}
