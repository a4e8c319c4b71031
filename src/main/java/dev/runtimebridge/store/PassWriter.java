package dev.runtimebridge.store;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.StaleLeaseException;

import org.jdbi.v3.core.Handle;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes what one pass decided. The lease's row comes first and stays locked, so that commits
 * happen one after the other and none slips past a takeover; then containers, allocations and
 * events, rows in the order of their ids, so that nobody deadlocks.
 */
final class PassWriter {
    private static final String NAME = "fleet";

    private final Handle handle;
    private final Lease lease;
    private final long pass;

    /**
     * @param pass names this commit among those of the same lease
     */
    PassWriter(Handle handle, Lease lease, long pass) {
        this.handle = handle;
        this.lease = lease;
        this.pass = pass;
    }

    /**
     * @param repeated whether an earlier attempt may have got through
     * @return whether everything is written; otherwise the caller rolls back
     * @throws StaleLeaseException when the lease is no longer ours
     */
    boolean write(Changes changes, boolean repeated) {
        if (repeated && passIsStored()) {
            return true;
        }
        int ours =
                handle.createUpdate(
                                "update lease set pass = ? where name = ? and holder = ? and epoch"
                                        + " = ?")
                        .bind(0, pass)
                        .bind(1, NAME)
                        .bind(2, lease.holder())
                        .bind(3, lease.epoch())
                        .execute();
        if (ours == 0) {
            throw new StaleLeaseException(lease);
        }
        ContainerRows.insertBatches(handle, changes.newBatches());
        ContainerRows.insert(handle, changes.newContainers(), providers(changes));
        var containers =
                changes.containers().stream().sorted(Comparator.comparing(Container::id)).toList();
        var allocations =
                changes.allocations().stream()
                        .sorted(Comparator.comparing(Allocation::id))
                        .toList();
        if (!ContainerRows.update(handle, containers)
                || !ContainerRows.saveLogins(handle, changes.logins())
                || !AllocationRows.update(handle, allocations)) {
            return false;
        }
        lockOthers(changes);
        AllocationRows.append(handle, changes.events());
        return true;
    }

    private boolean passIsStored() {
        return handle.createQuery(
                        "select count(*) from lease where name = ? and holder = ? and epoch = ? and"
                                + " pass = ?")
                .bind(0, NAME)
                .bind(1, lease.holder())
                .bind(2, lease.epoch())
                .bind(3, pass)
                .mapTo(Boolean.class)
                .one();
    }

    /** Locks the allocations that get events and no update; see {@link AllocationRows#append}. */
    private void lockOthers(Changes changes) {
        var others =
                changes.events().stream()
                        .map(Event::allocation)
                        .collect(Collectors.toCollection(TreeSet<AllocationId>::new));
        changes.allocations().forEach(a -> others.remove(a.id()));
        if (others.isEmpty()) {
            return;
        }
        try (var batch =
                handle.prepareBatch("update allocation set version = version where id = ?")) {
            others.forEach(id -> batch.bind(0, id.value()).add());
            batch.execute();
        }
    }

    private Map<String, String> providers(Changes changes) {
        var providers = new HashMap<String, String>();
        for (var batch : changes.newBatches()) {
            providers.put(batch.request().key(), batch.provider());
        }
        var stored =
                changes.newContainers().stream()
                        .map(Container::batchKey)
                        .filter(key -> !providers.containsKey(key))
                        .distinct()
                        .toList();
        for (var keys : InLists.of(stored)) {
            readProviders(keys, providers);
        }
        return providers;
    }

    private void readProviders(List<String> keys, Map<String, String> providers) {
        var query =
                handle.createQuery(
                        "select batch_key, provider from batch where batch_key in "
                                + InLists.marks(keys.size()));
        for (int i = 0; i < keys.size(); i++) {
            query.bind(i, keys.get(i));
        }
        query.map(
                        (row, context) ->
                                providers.put(
                                        row.getString("batch_key"), row.getString("provider")))
                .list();
    }
}
