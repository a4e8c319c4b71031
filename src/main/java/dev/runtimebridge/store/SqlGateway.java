package dev.runtimebridge.store;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.gateway.ActivityStore;
import dev.runtimebridge.gateway.GatewayLinks.UsedLinks;
import dev.runtimebridge.store.Database.Lane;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What gateways leave in the database: links that were used, and when containers were. */
public final class SqlGateway implements UsedLinks, ActivityStore {
    static final String FIND_LINK = "select count(*) from gateway_used_link where id = ?";
    static final String USE_LINK = "insert into gateway_used_link (id, expires_us) values (?, ?)";
    static final String FORGET_LINKS = "delete from gateway_used_link where expires_us < ?";
    static final String USED_AGAIN =
            "update gateway_activity set used_us = ? where allocation_id = ? and used_us < ?";
    static final String FIND_ACTIVITY =
            "select allocation_id, used_us from gateway_activity where allocation_id in %s";
    static final String USED_FIRST =
            "insert into gateway_activity (allocation_id, used_us) values (?, ?)";

    private final Database database;
    private final InstantSource clock;

    public SqlGateway(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public boolean use(String id, Instant expiresAt) {
        // Whoever loses the race for the key is told so by the row that is there the second time.
        return database.race(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    handle.execute(FORGET_LINKS, Times.us(clock.instant()));
                    boolean there =
                            handle.createQuery(FIND_LINK).bind(0, id).mapTo(Integer.class).one()
                                    > 0;
                    if (!there) {
                        handle.execute(USE_LINK, id, Times.us(expiresAt));
                    }
                    return !there;
                });
    }

    @Override
    public void used(Collection<AllocationId> ids, Instant now) {
        if (ids.isEmpty()) {
            return;
        }
        database.race(
                Lane.LOOPS,
                (handle, attempt) -> {
                    var known = lastUsed(handle, ids);
                    try (var again = handle.prepareBatch(USED_AGAIN);
                            var first = handle.prepareBatch(USED_FIRST)) {
                        long at = Times.us(now);
                        for (var id : ids.stream().sorted().toList()) {
                            if (known.containsKey(id)) {
                                again.bind(0, at).bind(1, id.value()).bind(2, at).add();
                            } else {
                                first.bind(0, id.value()).bind(1, at).add();
                            }
                        }
                        if (again.size() > 0) {
                            again.execute();
                        }
                        if (first.size() > 0) {
                            first.execute();
                        }
                    }
                    return ids.size();
                });
    }

    @Override
    public Map<AllocationId, Instant> lastUsed(Collection<AllocationId> ids) {
        return database.read(Lane.LOOPS, (handle, attempt) -> lastUsed(handle, ids));
    }

    private static Map<AllocationId, Instant> lastUsed(
            Handle handle, Collection<AllocationId> ids) {
        var found = new HashMap<AllocationId, Instant>();
        for (var list : InLists.of(ids)) {
            var query = handle.createQuery(FIND_ACTIVITY.formatted(InLists.marks(list.size())));
            for (int i = 0; i < list.size(); i++) {
                query.bind(i, list.get(i).value());
            }
            query.map(
                            (row, context) ->
                                    found.put(
                                            new AllocationId(row.getString("allocation_id")),
                                            Times.instant(row.getLong("used_us"))))
                    .list();
        }
        return found;
    }
}
