package dev.runtimebridge.store;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.gateway.LiveContainer;
import dev.runtimebridge.gateway.LiveStore;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.store.Database.Lane;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Live containers for the gateway, in SQL. Reads only. */
public final class SqlLive implements LiveStore {
    private static final int MOST_EVENTS = 2_000;
    private static final String LIVE =
            "select a.id, a.owner, c.ref, "
                    + AllocationRows.ADDRESS_COLUMNS
                    + " from allocation a join container c on c.id = a.container_id where a.state ="
                    + " 'ACTIVE' and c.state = 'BOUND' and c.ref is not null and c.address_ip is"
                    + " not null";
    static final String ALL = LIVE;
    static final String SOME = LIVE + " and a.id in %s";
    static final String NEWEST_EVENT = "select coalesce(max(id), 0) from allocation_event";
    static final String EVENTS_AFTER =
            "select id, allocation_id from allocation_event where id > ? order by id limit "
                    + MOST_EVENTS;
    static final String EVENTS = "select id, allocation_id from allocation_event where id in %s";

    private final Database database;

    public SqlLive(Database database) {
        this.database = database;
    }

    @Override
    public Whole whole() {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) -> {
                    // First: what happens between the two is read again.
                    long newest = handle.createQuery(NEWEST_EVENT).mapTo(Long.class).one();
                    return new Whole(
                            newest,
                            handle.createQuery(ALL).map((row, context) -> container(row)).list());
                });
    }

    @Override
    public List<Happened> happened(long after, Collection<Long> missing) {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) -> {
                    var found = new ArrayList<Happened>();
                    for (var list : InLists.of(missing)) {
                        var query =
                                handle.createQuery(EVENTS.formatted(InLists.marks(list.size())));
                        for (int i = 0; i < list.size(); i++) {
                            query.bind(i, list.get(i));
                        }
                        found.addAll(query.map((row, context) -> happened(row)).list());
                    }
                    found.sort(Comparator.comparingLong(Happened::event));
                    found.addAll(
                            handle.createQuery(EVENTS_AFTER)
                                    .bind(0, after)
                                    .map((row, context) -> happened(row))
                                    .list());
                    return found;
                });
    }

    @Override
    public List<LiveContainer> of(Collection<AllocationId> ids) {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) -> {
                    var found = new ArrayList<LiveContainer>();
                    for (var list : InLists.of(ids)) {
                        var query = handle.createQuery(SOME.formatted(InLists.marks(list.size())));
                        for (int i = 0; i < list.size(); i++) {
                            query.bind(i, list.get(i).value());
                        }
                        found.addAll(query.map((row, context) -> container(row)).list());
                    }
                    return found;
                });
    }

    private static Happened happened(ResultSet row) throws SQLException {
        return new Happened(row.getLong("id"), new AllocationId(row.getString("allocation_id")));
    }

    private static LiveContainer container(ResultSet row) throws SQLException {
        return new LiveContainer(
                new AllocationId(row.getString("id")),
                new UserId(new String(row.getBytes("owner"), StandardCharsets.UTF_8)),
                new ContainerRef(row.getString("ref")),
                AllocationRows.address(row).orElseThrow());
    }
}
