package dev.runtimebridge.store;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.secret.Sealed;

import org.jdbi.v3.core.Handle;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Allocations, their events and what is read together with them: columns to records and back. */
final class AllocationRows {
    /** The columns of {@code allocation a}. */
    static final String COLUMNS =
            "a.id, a.owner, a.image_id, a.slot, a.state, a.container_id, a.failed_bindings,"
                    + " a.created_us, a.active_us, a.ended_us, a.end_code, a.end_detail,"
                    + " a.end_fault, a.end_fault_owner, a.end_fault_hint, a.version";

    /** The columns of {@code container c} that make a claim of an allocation. */
    static final String ADDRESS_COLUMNS = "c.address_ip, c.address_port";

    /** The columns of {@code container c} that make a login, beside {@code a.container_id}. */
    static final String LOGIN_COLUMNS =
            "c.ssh_user, c.ssh_auth_type, c.ssh_auth, c.ssh_key_id, c.ssh_port, c.ssh_host_key";

    private static final int LONGEST_EVENT_DETAIL = 1_000;

    private AllocationRows() {}

    static Allocation allocation(ResultSet row) throws SQLException {
        var endCode = row.getString("end_code");
        return new Allocation(
                new AllocationId(row.getString("id")),
                new UserId(new String(row.getBytes("owner"), StandardCharsets.UTF_8)),
                new ImageId(row.getLong("image_id")),
                new Slot(row.getString("slot")),
                AllocationState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("container_id")).map(ContainerId::new),
                row.getInt("failed_bindings"),
                Times.instant(row.getLong("created_us")),
                Times.optional(row, "active_us"),
                Times.optional(row, "ended_us"),
                endCode == null
                        ? Optional.empty()
                        : Optional.of(
                                new EndReason(
                                        EndReason.Code.valueOf(endCode),
                                        row.getString("end_detail"),
                                        fault(row))),
                row.getLong("version"));
    }

    private static Optional<Fault> fault(ResultSet row) throws SQLException {
        var kind = row.getString("end_fault");
        return kind == null
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                kind,
                                Fault.Owner.valueOf(row.getString("end_fault_owner")),
                                row.getString("end_fault_hint")));
    }

    static Claim claim(ResultSet row) throws SQLException {
        return new Claim(allocation(row), address(row));
    }

    static Optional<Address> address(ResultSet row) throws SQLException {
        var ip = row.getString("address_ip");
        return ip == null
                ? Optional.empty()
                : Optional.of(new Address(ip, row.getInt("address_port")));
    }

    static Login login(ResultSet row) throws SQLException {
        return new Login(
                new ContainerId(row.getString("container_id")),
                row.getString("ssh_user"),
                row.getString("ssh_auth_type"),
                new Sealed(row.getString("ssh_key_id"), row.getBytes("ssh_auth")),
                row.getInt("ssh_port"),
                row.getString("ssh_host_key"));
    }

    static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("id"),
                new AllocationId(row.getString("allocation_id")),
                Times.instant(row.getLong("at_us")),
                Event.Phase.valueOf(row.getString("phase")),
                row.getString("detail"));
    }

    static void insert(Handle handle, Collection<Allocation> allocations) {
        if (allocations.isEmpty()) {
            return;
        }
        try (var batch =
                handle.prepareBatch(
                        "insert into allocation (id, owner, image_id, slot, state, created_us,"
                                + " version) values (?, ?, ?, ?, ?, ?, ?)")) {
            for (var a : allocations) {
                batch.bind(0, a.id().value())
                        .bind(1, a.owner().bytes())
                        .bind(2, a.image().value())
                        .bind(3, a.slot().value())
                        .bind(4, a.state().name())
                        .bind(5, Times.us(a.createdAt()))
                        .bind(6, a.version())
                        .add();
            }
            batch.execute();
        }
    }

    /** Whether every row still had the version that was read; otherwise roll back. */
    static boolean update(Handle handle, List<Allocation> allocations) {
        if (allocations.isEmpty()) {
            return true;
        }
        try (var batch =
                handle.prepareBatch(
                        "update allocation set state = ?, container_id = ?, failed_bindings = ?,"
                            + " active_us = ?, ended_us = ?, end_code = ?, end_detail = ?,"
                            + " end_fault = ?, end_fault_owner = ?, end_fault_hint = ?, version ="
                            + " version + 1 where id = ? and version = ?")) {
            for (var a : allocations) {
                var fault = a.endReason().flatMap(EndReason::fault);
                batch.bind(0, a.state().name())
                        .bind(1, a.container().map(ContainerId::value).orElse(null))
                        .bind(2, a.failedBindings())
                        .bind(3, Times.us(a.activeAt()))
                        .bind(4, Times.us(a.endedAt()))
                        .bind(5, a.endReason().map(r -> r.code().name()).orElse(null))
                        .bind(6, a.endReason().map(EndReason::detail).orElse(null))
                        .bind(7, fault.map(Fault::kind).orElse(null))
                        .bind(8, fault.map(f -> f.owner().name()).orElse(null))
                        .bind(9, fault.map(Fault::hint).orElse(null))
                        .bind(10, a.id().value())
                        .bind(11, a.version())
                        .add();
            }
            return Batches.allChanged(batch.execute());
        }
    }

    /**
     * Appends events. The caller has locked their allocations' rows by writing to them (or has just
     * inserted them), so that ids become visible in their order and a reader that asks for what is
     * after the last one misses nothing.
     */
    static void append(Handle handle, Collection<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        try (var batch =
                handle.prepareBatch(
                        "insert into allocation_event (allocation_id, at_us, phase, detail) values"
                                + " (?, ?, ?, ?)")) {
            for (var event : events) {
                var detail = event.detail();
                batch.bind(0, event.allocation().value())
                        .bind(1, Times.us(event.at()))
                        .bind(2, event.phase().name())
                        .bind(
                                3,
                                detail.substring(
                                        0, Math.min(detail.length(), LONGEST_EVENT_DETAIL)))
                        .add();
            }
            batch.execute();
        }
    }
}
