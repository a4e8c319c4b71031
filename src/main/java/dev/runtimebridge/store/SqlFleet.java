package dev.runtimebridge.store;

import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.FleetStore;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.View;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.store.Database.Lane;

import org.jdbi.v3.core.Handle;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the loop remembers, in SQL. One instance per bridge.
 *
 * <p>A commit can be repeated: its first statement writes a number of its own into the lease's row,
 * and an attempt that follows a broken connection finds that number there when the earlier one got
 * through.
 */
public final class SqlFleet implements FleetStore {
    static final String RUNNING =
            "select ref from container where state in ('READY', 'BOUND') order by requested_us, id";
    static final String KNOWN = "select ref from container where ref in %s and live = 1";
    static final String LIVE =
            "select "
                    + ContainerRows.COLUMNS
                    + " from container c where c.provider = ? and c.live = 1 order by"
                    + " c.requested_us, c.id";

    private final Database database;
    private final AtomicLong passes = new AtomicLong();

    public SqlFleet(Database database) {
        this.database = database;
    }

    @Override
    public View view(Set<ContainerRef> also) {
        return database.snapshot(
                Lane.LOOPS, (handle, attempt) -> new ViewReader(handle).read(also));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the changes break a unique key: two live containers with
     *     one reference, two live allocations with one container
     */
    @Override
    public boolean commit(Lease lease, Changes changes) {
        long pass = passes.incrementAndGet();
        return database.write(
                Lane.LOOPS,
                (handle, attempt) -> {
                    boolean written =
                            new PassWriter(handle, lease, pass).write(changes, attempt > 1);
                    if (!written) {
                        handle.rollback();
                    }
                    return written;
                });
    }

    @Override
    public List<ContainerRef> running() {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(RUNNING)
                                .map((row, context) -> new ContainerRef(row.getString("ref")))
                                .list());
    }

    @Override
    public Set<ContainerRef> known(Collection<ContainerRef> refs) {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) -> {
                    var known = new HashSet<ContainerRef>();
                    for (var list : InLists.of(refs)) {
                        known.addAll(known(handle, list));
                    }
                    return known;
                });
    }

    private static List<ContainerRef> known(Handle handle, List<ContainerRef> refs) {
        var query = handle.createQuery(KNOWN.formatted(InLists.marks(refs.size())));
        for (int i = 0; i < refs.size(); i++) {
            query.bind(i, refs.get(i).value());
        }
        return query.map((row, context) -> new ContainerRef(row.getString("ref"))).list();
    }

    @Override
    public List<Container> live(String provider) {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(LIVE)
                                .bind(0, provider)
                                .map((row, context) -> ContainerRows.container(row))
                                .list());
    }
}
