package dev.runtimebridge.store;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.launch.ClaimStore;
import dev.runtimebridge.store.Database.Lane;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What requests read and write, in SQL.
 *
 * <p>Writes can be repeated: {@code claim} finds a row with its own id where an earlier attempt got
 * through and returns it, {@code startEnding} leaves what is ENDING or ENDED as it is.
 */
public final class SqlClaims implements ClaimStore {
    private static final String CLAIM =
            "select "
                    + AllocationRows.COLUMNS
                    + ", "
                    + AllocationRows.ADDRESS_COLUMNS
                    + " from allocation a left join container c on c.id = a.container_id ";

    static final String LIVE =
            CLAIM + "where a.owner = ? and a.live = 1 and a.image_id = ? and a.slot = ?";
    static final String BY_ID = CLAIM + "where a.id = ?";
    static final String LIVE_OF = CLAIM + "where a.owner = ? and a.live = 1";
    static final String ENDED_OF =
            CLAIM
                    + "where a.owner = ? and a.ended_us is not null order by a.ended_us desc limit"
                    + " ?";
    static final String NEWEST_EVENTS =
            "select allocation_id, max(id) as newest from allocation_event where allocation_id in"
                    + " %s group by allocation_id";
    static final String EVENTS =
            "select id, allocation_id, at_us, phase, detail from allocation_event where"
                    + " allocation_id = ? and id > ? order by id";
    static final String LOGIN =
            "select a.container_id, "
                    + AllocationRows.LOGIN_COLUMNS
                    + " from allocation a join container c on c.id = a.container_id where a.id = ?"
                    + " and a.state = 'ACTIVE' and c.ssh_user is not null";
    static final String ALL_LIVE =
            "select id from allocation where state in ('WAITING', 'BINDING', 'ACTIVE', 'ENDING')";

    private final Database database;
    private final ClaimWriter writer;

    public SqlClaims(Database database) {
        this.database = database;
        this.writer = new ClaimWriter();
    }

    /** By plain JDBC: every launch asks this, and Jdbi takes three times as long as H2 does. */
    @Override
    public Optional<Claim> live(UserId owner, ImageId image, Slot slot) {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    try (var query = handle.getConnection().prepareStatement(LIVE)) {
                        query.setBytes(1, owner.bytes());
                        query.setLong(2, image.value());
                        query.setString(3, slot.value());
                        try (var rows = query.executeQuery()) {
                            return rows.next()
                                    ? Optional.of(AllocationRows.claim(rows))
                                    : Optional.empty();
                        }
                    } catch (SQLException e) {
                        throw new UnableToExecuteStatementException(e, null);
                    }
                });
    }

    /** On the loops' connections: one writer stores the claims of all requests. */
    @Override
    public List<Optional<Allocation>> claim(List<Allocation> wanted, int mostPerUser) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        return database.race(
                Lane.LOOPS,
                (handle, attempt) -> writer.claim(handle, wanted, mostPerUser, attempt > 1));
    }

    @Override
    public Optional<Claim> find(AllocationId id) {
        return database.read(Lane.REQUESTS, (handle, attempt) -> find(handle, id));
    }

    @Override
    public List<Claim> of(UserId owner, int ended) {
        return database.snapshot(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    var claims = new ArrayList<Claim>();
                    if (ended > 0) {
                        claims.addAll(
                                handle.createQuery(ENDED_OF)
                                        .bind(0, owner.bytes())
                                        .bind(1, ended)
                                        .map((row, context) -> AllocationRows.claim(row))
                                        .list());
                        Collections.reverse(claims);
                    }
                    handle.createQuery(LIVE_OF + " order by a.created_us, a.id")
                            .bind(0, owner.bytes())
                            .map((row, context) -> AllocationRows.claim(row))
                            .forEach(claims::add);
                    return claims;
                });
    }

    @Override
    public Map<AllocationId, Long> newestEvents(Collection<AllocationId> ids) {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    var newest = new HashMap<AllocationId, Long>();
                    for (var list : InLists.of(ids)) {
                        var query =
                                handle.createQuery(
                                        NEWEST_EVENTS.formatted(InLists.marks(list.size())));
                        for (int i = 0; i < list.size(); i++) {
                            query.bind(i, list.get(i).value());
                        }
                        query.map(
                                        (row, context) ->
                                                newest.put(
                                                        new AllocationId(
                                                                row.getString("allocation_id")),
                                                        row.getLong("newest")))
                                .list();
                    }
                    return newest;
                });
    }

    @Override
    public Optional<Allocation> startEnding(AllocationId id, EndReason why, Instant now) {
        return database.write(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    var fault = why.fault();
                    int changed =
                            handle.createUpdate(
                                            "update allocation set state = 'ENDING', end_code = ?,"
                                                + " end_detail = ?, end_fault = ?, end_fault_owner"
                                                + " = ?, end_fault_hint = ?, version = version + 1"
                                                + " where id = ? and state in ('WAITING',"
                                                + " 'BINDING', 'ACTIVE')")
                                    .bind(0, why.code().name())
                                    .bind(1, why.detail())
                                    .bind(2, fault.map(Fault::kind).orElse(null))
                                    .bind(3, fault.map(f -> f.owner().name()).orElse(null))
                                    .bind(4, fault.map(Fault::hint).orElse(null))
                                    .bind(5, id.value())
                                    .execute();
                    if (changed == 1) {
                        AllocationRows.append(
                                handle,
                                List.of(Event.of(id, now, Event.Phase.ENDING, why.detail())));
                    }
                    return find(handle, id).map(Claim::allocation);
                });
    }

    @Override
    public List<AllocationId> allLive() {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(ALL_LIVE)
                                .map((row, context) -> new AllocationId(row.getString("id")))
                                .list());
    }

    @Override
    public Optional<Login> login(AllocationId id) {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) ->
                        handle.createQuery(LOGIN)
                                .bind(0, id.value())
                                .map((row, context) -> AllocationRows.login(row))
                                .findOne());
    }

    /** Repeated after a lost reply it may be there twice, which harms nobody. */
    @Override
    public void tell(Event event) {
        database.write(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    AllocationRows.append(handle, List.of(event));
                    return event;
                });
    }

    @Override
    public List<Event> events(AllocationId id, long after) {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) ->
                        handle.createQuery(EVENTS)
                                .bind(0, id.value())
                                .bind(1, after)
                                .map((row, context) -> AllocationRows.event(row))
                                .list());
    }

    private static Optional<Claim> find(Handle handle, AllocationId id) {
        return handle.createQuery(BY_ID)
                .bind(0, id.value())
                .map((row, context) -> AllocationRows.claim(row))
                .findOne();
    }
}
