package dev.runtimebridge.store;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.gateway.Share;
import dev.runtimebridge.gateway.ShareStore;
import dev.runtimebridge.store.Database.Lane;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Shares, in SQL. */
public final class SqlShares implements ShareStore {
    private static final String SHARE =
            "select id, allocation_id, port, created_us, expires_us, withdrawn_us from"
                    + " gateway_share where ";
    static final String FIND = SHARE + "id = ?";
    static final String OF =
            SHARE
                    + "allocation_id = ? and withdrawn_us is null and expires_us > ? order by"
                    + " created_us, id";
    static final String ADD =
            "insert into gateway_share (id, allocation_id, port, created_us, expires_us) values (?,"
                    + " ?, ?, ?, ?)";
    static final String WITHDRAW =
            "update gateway_share set withdrawn_us = ? where id = ? and allocation_id = ? and"
                    + " withdrawn_us is null";

    private final Database database;

    public SqlShares(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Share share, int most) {
        return database.race(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    if (attempt > 1 && find(handle, share.id()).isPresent()) {
                        return true;
                    }
                    if (of(handle, share.allocation(), share.createdAt()).size() >= most) {
                        return false;
                    }
                    handle.execute(
                            ADD,
                            share.id(),
                            share.allocation().value(),
                            share.port(),
                            Times.us(share.createdAt()),
                            Times.us(share.expiresAt()));
                    return true;
                });
    }

    @Override
    public Optional<Share> find(String id) {
        return database.read(Lane.REQUESTS, (handle, attempt) -> find(handle, id));
    }

    private static Optional<Share> find(Handle handle, String id) {
        return handle.createQuery(FIND).bind(0, id).map((row, context) -> share(row)).findOne();
    }

    @Override
    public List<Share> of(AllocationId id, Instant now) {
        return database.read(Lane.REQUESTS, (handle, attempt) -> of(handle, id, now));
    }

    private static List<Share> of(Handle handle, AllocationId id, Instant now) {
        return handle.createQuery(OF)
                .bind(0, id.value())
                .bind(1, Times.us(now))
                .map((row, context) -> share(row))
                .list();
    }

    @Override
    public boolean withdraw(AllocationId of, String id, Instant now) {
        return database.write(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    int changed = handle.execute(WITHDRAW, Times.us(now), id, of.value());
                    return changed == 1
                            || find(handle, id)
                                    .filter(share -> share.allocation().equals(of))
                                    .isPresent();
                });
    }

    private static Share share(ResultSet row) throws SQLException {
        return new Share(
                row.getString("id"),
                new AllocationId(row.getString("allocation_id")),
                row.getInt("port"),
                Times.instant(row.getLong("created_us")),
                Times.instant(row.getLong("expires_us")),
                Times.optional(row, "withdrawn_us"));
    }
}
