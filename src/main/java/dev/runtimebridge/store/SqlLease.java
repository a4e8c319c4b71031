package dev.runtimebridge.store;

import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.LeaseStore;
import dev.runtimebridge.store.Database.Lane;

import java.time.Duration;
import java.util.Optional;

/**
 * The lease in one row, by the database's clock in microseconds.
 *
 * <p>A repeated {@code acquire} raises the epoch once more, which only makes an epoch that nobody
 * heard of stale; repeating {@code renew} or {@code release} changes nothing.
 */
public final class SqlLease implements LeaseStore {
    private static final String NAME = "fleet";

    private final Database database;

    public SqlLease(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Lease> acquire(String holder, Duration ttl) {
        var now = database.dialect().nowUs();
        return database.write(
                Lane.LOOPS,
                (handle, attempt) -> {
                    int taken =
                            handle.createUpdate(
                                            "update lease set holder = ?, epoch = epoch + 1,"
                                                    + " expires_us = "
                                                    + now
                                                    + " + ? where name = ? and (expires_us <= "
                                                    + now
                                                    + " or holder = ?)")
                                    .bind(0, holder)
                                    .bind(1, us(ttl))
                                    .bind(2, NAME)
                                    .bind(3, holder)
                                    .execute();
                    if (taken == 0) {
                        return Optional.empty();
                    }
                    // Our own write keeps the row locked until the commit: nobody is between.
                    long epoch =
                            handle.createQuery("select epoch from lease where name = ?")
                                    .bind(0, NAME)
                                    .mapTo(Long.class)
                                    .one();
                    return Optional.of(new Lease(holder, epoch));
                });
    }

    @Override
    public boolean renew(Lease lease, Duration ttl) {
        return database.write(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createUpdate(
                                                "update lease set expires_us = "
                                                        + database.dialect().nowUs()
                                                        + " + ? where name = ? and holder = ? and"
                                                        + " epoch = ?")
                                        .bind(0, us(ttl))
                                        .bind(1, NAME)
                                        .bind(2, lease.holder())
                                        .bind(3, lease.epoch())
                                        .execute()
                                == 1);
    }

    @Override
    public void release(Lease lease) {
        database.write(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createUpdate(
                                        "update lease set holder = '', expires_us = 0 where name ="
                                                + " ? and holder = ? and epoch = ?")
                                .bind(0, NAME)
                                .bind(1, lease.holder())
                                .bind(2, lease.epoch())
                                .execute());
    }

    private static long us(Duration ttl) {
        return ttl.toNanos() / 1_000;
    }
}
