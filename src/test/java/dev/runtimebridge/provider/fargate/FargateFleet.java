package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.fleet.Calls;
import dev.runtimebridge.fleet.FleetController;
import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.store.SqlLease;
import dev.runtimebridge.testing.FakeAgents;
import dev.runtimebridge.testing.TestDatabases;
import dev.runtimebridge.upkeep.OrphanSweep;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The whole loop over a real database and the emulator, in a time that only tests move; agents
 * answer as soon as there is an address.
 */
final class FargateFleet implements AutoCloseable {
    static final FleetSettings SETTINGS =
            new FleetSettings(
                    "rig",
                    Duration.ofDays(1),
                    Duration.ofMillis(250),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(2));
    private static final Duration TICK = Duration.ofMillis(250);

    final EmulatedFargate aws;
    final FakeAgents agents = new FakeAgents();
    final Database database = TestDatabases.h2();
    final SqlClaims claims = new SqlClaims(database);
    final SqlFleet store = new SqlFleet(database);
    private final SqlLease leases = new SqlLease(database);
    private final Ids ids = new Ids(new Random(42));
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private FleetController controller;
    private OrphanSweep orphans;
    private final Safeguards safeguards;
    private Lease lease;

    FargateFleet(Scenario scenario) {
        this(scenario, Safeguards.INTACT);
    }

    /** One that some safeguard may have been taken from. */
    FargateFleet(Scenario scenario, Safeguards safeguards) {
        this.safeguards = safeguards;
        aws = new EmulatedFargate(scenario, safeguards.quotas(), safeguards.unseen());
        begin(aws.provider());
    }

    /** As after kill -9: the calls that were asked for are not made, and nobody remembers. */
    void restart() {
        begin(aws.restarted());
    }

    /** The same with other settings. */
    void restart(FargateSettings settings) {
        begin(aws.restarted(settings));
    }

    private void begin(FargateProvider opened) {
        var provider = safeguards.provider().apply(opened);
        calls.clear();
        lease = leases.acquire("rig", SETTINGS.leaseTtl()).orElseThrow();
        controller =
                new FleetController(
                        safeguards.store().apply(store),
                        provider,
                        agents,
                        id -> Optional.of(EmulatedFargate.IMAGE),
                        new ApiKeys(new byte[32]),
                        new Sealer("k", Map.of("k", new byte[32]), new SecureRandom()),
                        ids,
                        aws.clock,
                        SETTINGS,
                        Calls.on(calls::add),
                        told -> {},
                        () -> {});
        provider.onChange(controller::look);
        orphans = new OrphanSweep(store, provider, aws.clock);
    }

    FleetController controller() {
        return controller;
    }

    List<AllocationId> ask(int users) {
        var asked = new ArrayList<AllocationId>();
        for (int user = 0; user < users; user++) {
            asked.add(ask("user " + user));
        }
        return asked;
    }

    AllocationId ask(String user) {
        var wish =
                Allocation.waiting(
                        ids.allocation(),
                        new UserId(user),
                        EmulatedFargate.IMAGE.id(),
                        Slot.DEFAULT,
                        aws.clock.instant());
        return claims.claim(List.of(wish), 1_000).getFirst().orElseThrow().id();
    }

    void end(AllocationId id) {
        var why = new EndReason(EndReason.Code.STOPPED_BY_OWNER, "its owner asked");
        claims.startEnding(id, why, aws.clock.instant());
    }

    Allocation allocation(AllocationId id) {
        return claims.find(id).orElseThrow().allocation();
    }

    boolean active(AllocationId id) {
        return allocation(id).state() == AllocationState.ACTIVE;
    }

    List<String> story(AllocationId id) {
        return claims.events(id, 0).stream().map(Event::detail).toList();
    }

    /** One pass without the calls it asks for. */
    void pass() {
        controller.glance();
        controller.pass(lease);
    }

    /** The loop runs for so long. */
    void runFor(Duration time) {
        for (var left = time; left.isPositive(); left = left.minus(TICK)) {
            turn();
        }
    }

    void turn() {
        pass();
        for (var call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
        aws.clock.pass(TICK);
    }

    void sweepRunning() {
        controller.sweep(List.of(store.running()));
    }

    OrphanSweep.Finding sweepOrphans() {
        return orphans.run(lease);
    }

    /** What AWS would bill for. */
    Set<String> ledger() {
        return aws.emulator.ledger().running().stream()
                .filter(entry -> entry.stopCode().isEmpty())
                .map(LedgerEntry::arn)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the database says runs. */
    Set<String> rows() {
        return store.live("fargate").stream()
                .flatMap(container -> container.ref().stream())
                .map(ref -> ref.value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        aws.close();
        database.close();
    }
}
