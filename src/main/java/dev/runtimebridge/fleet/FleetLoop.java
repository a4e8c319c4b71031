package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.StoreUnavailable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the controller on the bridge that holds the lease: a glance when nudged, and a pass when
 * that heard of something to write down, when rows changed, and otherwise from time to time.
 * Wake-ups that come during a pass collapse into one more, and where much is under way a pass is
 * followed by a rest as long, so that answers gather and are written together.
 */
public final class FleetLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetLoop.class);
    private static final Duration AFTER_FAULT = Duration.ofMillis(500);
    private static final Duration SHORTEST_REST = Duration.ofMillis(5);
    private static final Duration LONGEST_REST = Duration.ofMillis(100);

    /** So many rows are written as soon as there is news of one of them. */
    private static final int FEW = 50;

    private static final int RENEWALS_PER_TTL = 3;

    private final FleetController controller;
    private final LeaseStore leases;
    private final FleetSettings settings;
    private final InstantSource clock;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread;
    private volatile Optional<Lease> lease = Optional.empty();
    private volatile boolean closing;
    private final CountDownLatch firstTurn = new CountDownLatch(1);
    private final AtomicBoolean rowsChanged = new AtomicBoolean();
    private Instant renewAt = Instant.MIN;
    private Instant passAt = Instant.MIN;
    private Instant restUntil = Instant.MIN;
    private boolean agentsAsked;
    private @Nullable String lastFault;

    public FleetLoop(
            FleetController controller,
            LeaseStore leases,
            FleetSettings settings,
            InstantSource clock) {
        this.controller = controller;
        this.leases = leases;
        this.settings = settings;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("fleet").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Asks for a pass soon: rows have changed. */
    public void wake() {
        rowsChanged.set(true);
        nudge();
    }

    /** Asks for a glance soon: something was heard. */
    public void nudge() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /**
     * Waits until what an earlier bridge left has been looked at once, or could not be, or another
     * bridge runs the loops.
     *
     * @param most longer than that nobody waits
     */
    public void awaitFirstTurn(Duration most) throws InterruptedException {
        if (!firstTurn.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.info(
                    "the first look at what is under way takes longer than {} s", most.toSeconds());
        }
    }

    /** Whether the loop runs, lease or not. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** The lease, while this bridge holds it. */
    public Optional<Lease> lease() {
        return lease;
    }

    private void run() {
        try {
            while (!closing) {
                var next = step();
                firstTurn.countDown();
                waitForWakeUp(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("the loop was told to end");
        } finally {
            firstTurn.countDown();
            giveUpLease();
        }
    }

    /** One turn. Returns how long to wait for a wake-up before the next. */
    private Duration step() {
        try {
            if (!hold()) {
                return settings.leaseTtl().dividedBy(RENEWALS_PER_TTL);
            }
            var before = clock.instant();
            if (rests(before)) {
                return Duration.between(before, restUntil);
            }
            if (!needed(before)) {
                return Duration.between(before, passAt);
            }
            var result = controller.pass(lease.orElseThrow());
            lastFault = null;
            var after = clock.instant();
            restUntil = result.underWay() > FEW ? after.plus(rest(before, after)) : Instant.MIN;
            agentsAsked = controller.asksAgents();
            passAt = result.again() ? Instant.MIN : after.plus(settings.tick());
            return result.again() ? Duration.ZERO : settings.tick();
        } catch (StaleLeaseException e) {
            LOG.info("{}", e.getMessage());
            lease = Optional.empty();
            return settings.leaseTtl().dividedBy(RENEWALS_PER_TTL);
        } catch (StoreUnavailable e) {
            reportOnce(e.getMessage());
            return AFTER_FAULT;
        } catch (RuntimeException | Error e) {
            LOG.error("a pass failed in a way that nobody foresaw; the next one tries again", e);
            return AFTER_FAULT;
        }
    }

    /** Whether it is time for a pass: by the clock, by a change of rows, or by what was heard. */
    private boolean needed(Instant now) {
        boolean changed = rowsChanged.getAndSet(false);
        boolean heard = controller.glance();
        return changed || heard || !now.isBefore(passAt);
    }

    /** As long as the pass took, within bounds. */
    private static Duration rest(Instant before, Instant after) {
        var took = Duration.between(before, after);
        var atLeast = took.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : took;
        return atLeast.compareTo(LONGEST_REST) < 0 ? atLeast : LONGEST_REST;
    }

    /**
     * Whether it rests, so that answers gather: until its time is over, or all agents that were
     * asked have answered. What is heard meanwhile is followed as far as that takes no database.
     */
    private boolean rests(Instant now) {
        if (!now.isBefore(restUntil)) {
            return false;
        }
        var _ = controller.glance(); // what is news now is so when the rest is over
        boolean asks = controller.asksAgents();
        boolean allAnswered = agentsAsked && !asks;
        agentsAsked = asks;
        if (allAnswered) {
            restUntil = Instant.MIN;
        }
        return !allAnswered;
    }

    private boolean hold() {
        var held = lease;
        var now = clock.instant();
        if (held.isPresent() && now.isBefore(renewAt)) {
            return true;
        }
        if (held.isPresent() && !leases.renew(held.get(), settings.leaseTtl())) {
            throw new StaleLeaseException(held.get());
        }
        if (held.isEmpty()) {
            lease = leases.acquire(settings.holder(), settings.leaseTtl());
            lease.ifPresent(l -> LOG.info("{} runs the loops, epoch {}", l.holder(), l.epoch()));
        }
        renewAt = now.plus(settings.leaseTtl().dividedBy(RENEWALS_PER_TTL));
        return lease.isPresent();
    }

    private void waitForWakeUp(Duration most) throws InterruptedException {
        if (wakeUps.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
            wakeUps.drainPermits();
        }
    }

    private void reportOnce(@Nullable String fault) {
        if (fault != null && !fault.equals(lastFault)) {
            LOG.warn("the loop waits for the database: {}", fault);
            lastFault = fault;
        }
    }

    private void giveUpLease() {
        try {
            lease.ifPresent(leases::release);
        } catch (StoreUnavailable e) {
            LOG.debug("the lease runs out by itself: {}", e.getMessage());
        }
        lease = Optional.empty();
    }

    /** Ends after the pass that is under way. */
    @Override
    public void close() {
        closing = true;
        wake();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
