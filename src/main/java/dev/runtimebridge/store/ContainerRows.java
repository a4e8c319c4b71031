package dev.runtimebridge.store;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.ContainerState;
import dev.runtimebridge.fleet.StoredBatch;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers, their logins and their batches: columns to records and back. */
final class ContainerRows {
    /** The columns of {@code container c}. */
    static final String COLUMNS =
            "c.id, c.image_id, c.revision, c.batch_key, c.ordinal, c.state, c.ref, c.address_ip,"
                    + " c.address_port, c.api_key_hash, c.requested_us, c.started_us, c.ready_us,"
                    + " c.stopped_us, c.cause_kind, c.cause_detail, c.version";

    /** The columns of {@code batch b}. */
    static final String BATCH_COLUMNS =
            "b.batch_key, b.provider, b.containers, b.image_id, b.image_name, b.language,"
                    + " b.revision, b.local_command, b.container_image, b.task_definition,"
                    + " b.cpu_millis, b.memory_mib, b.architecture, b.enabled, b.created_us,"
                    + " b.place";

    private ContainerRows() {}

    static Container container(ResultSet row) throws SQLException {
        var cause = row.getString("cause_kind");
        return new Container(
                new ContainerId(row.getString("id")),
                new ImageId(row.getLong("image_id")),
                row.getInt("revision"),
                row.getString("batch_key"),
                row.getInt("ordinal"),
                ContainerState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("ref")).map(ContainerRef::new),
                AllocationRows.address(row),
                row.getString("api_key_hash"),
                Times.instant(row.getLong("requested_us")),
                Times.optional(row, "started_us"),
                Times.optional(row, "ready_us"),
                Times.optional(row, "stopped_us"),
                cause == null
                        ? Optional.empty()
                        : Optional.of(
                                new Cause(
                                        Cause.Kind.valueOf(cause), row.getString("cause_detail"))),
                row.getLong("version"));
    }

    static StoredBatch batch(ResultSet row) throws SQLException {
        var image =
                new Image(
                        new ImageId(row.getLong("image_id")),
                        row.getString("image_name"),
                        row.getString("language"),
                        row.getInt("revision"),
                        run(row),
                        size(row),
                        row.getBoolean("enabled"));
        return new StoredBatch(
                new Batch(
                        row.getString("batch_key"),
                        image,
                        row.getInt("containers"),
                        row.getString("place")),
                row.getString("provider"),
                Times.instant(row.getLong("created_us")));
    }

    static Image.Run run(ResultSet row) throws SQLException {
        return new Image.Run(
                row.getString("local_command"),
                row.getString("container_image"),
                row.getString("task_definition"));
    }

    static Image.Size size(ResultSet row) throws SQLException {
        return new Image.Size(
                row.getInt("cpu_millis"),
                row.getInt("memory_mib"),
                Architecture.valueOf(row.getString("architecture")));
    }

    static void insertBatches(Handle handle, List<StoredBatch> batches) {
        if (batches.isEmpty()) {
            return;
        }
        try (var insert =
                handle.prepareBatch(
                        "insert into batch (batch_key, provider, containers, image_id, image_name,"
                                + " language, revision, local_command, container_image,"
                                + " task_definition, cpu_millis, memory_mib, architecture, enabled,"
                                + " created_us, place) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                + " ?, ?, ?, ?, ?)")) {
            for (var stored : batches) {
                var image = stored.request().image();
                insert.bind(0, stored.request().key())
                        .bind(1, stored.provider())
                        .bind(2, stored.request().count())
                        .bind(3, image.id().value())
                        .bind(4, image.name())
                        .bind(5, image.language())
                        .bind(6, image.revision())
                        .bind(7, image.run().localCommand())
                        .bind(8, image.run().containerImage())
                        .bind(9, image.run().taskDefinition())
                        .bind(10, image.size().cpuMillis())
                        .bind(11, image.size().memoryMebibytes())
                        .bind(12, image.size().architecture().name())
                        .bind(13, image.enabled())
                        .bind(14, Times.us(stored.createdAt()))
                        .bind(15, stored.request().place())
                        .add();
            }
            insert.execute();
        }
    }

    /**
     * @param providers the provider of each batch key that occurs
     */
    static void insert(Handle handle, List<Container> containers, Map<String, String> providers) {
        if (containers.isEmpty()) {
            return;
        }
        try (var insert =
                handle.prepareBatch(
                        "insert into container (id, image_id, revision, batch_key, ordinal,"
                            + " provider, state, api_key_hash, requested_us, version) values (?, ?,"
                            + " ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (var c : containers) {
                var provider = providers.get(c.batchKey());
                if (provider == null) {
                    throw new IllegalArgumentException(
                            "container " + c.id() + " names a batch that is not stored");
                }
                if (c.state() != ContainerState.REQUESTED) {
                    throw new IllegalArgumentException(
                            "a new container is REQUESTED, " + c.id() + " is " + c.state());
                }
                insert.bind(0, c.id().value())
                        .bind(1, c.image().value())
                        .bind(2, c.revision())
                        .bind(3, c.batchKey())
                        .bind(4, c.ordinal())
                        .bind(5, provider)
                        .bind(6, c.state().name())
                        .bind(7, c.apiKeyHash())
                        .bind(8, Times.us(c.requestedAt()))
                        .bind(9, c.version())
                        .add();
            }
            insert.execute();
        }
    }

    /** Whether every row still had the version that was read; otherwise roll back. */
    static boolean update(Handle handle, List<Container> containers) {
        if (containers.isEmpty()) {
            return true;
        }
        try (var batch =
                handle.prepareBatch(
                        "update container set state = ?, ref = ?, address_ip = ?, address_port = ?,"
                            + " started_us = ?, ready_us = ?, stopped_us = ?, cause_kind = ?,"
                            + " cause_detail = ?, version = version + 1 where id = ? and version ="
                            + " ?")) {
            for (var c : containers) {
                batch.bind(0, c.state().name())
                        .bind(1, c.ref().map(ContainerRef::value).orElse(null))
                        .bind(2, c.address().map(Address::ip).orElse(null))
                        .bind(3, c.address().map(Address::port).orElse(null))
                        .bind(4, Times.us(c.startedAt()))
                        .bind(5, Times.us(c.readyAt()))
                        .bind(6, Times.us(c.stoppedAt()))
                        .bind(7, c.cause().map(cause -> cause.kind().name()).orElse(null))
                        .bind(8, c.cause().map(Cause::detail).orElse(null))
                        .bind(9, c.id().value())
                        .bind(10, c.version())
                        .add();
            }
            return Batches.allChanged(batch.execute());
        }
    }

    /** Whether every login found its container; otherwise roll back. */
    static boolean saveLogins(Handle handle, List<Login> logins) {
        if (logins.isEmpty()) {
            return true;
        }
        try (var batch =
                handle.prepareBatch(
                        "update container set ssh_user = ?, ssh_auth_type = ?, ssh_auth = ?,"
                                + " ssh_key_id = ?, ssh_port = ?, ssh_host_key = ? where id = ?")) {
            for (var login : logins) {
                batch.bind(0, login.user())
                        .bind(1, login.authType())
                        .bind(2, login.auth().bytes())
                        .bind(3, login.auth().keyId())
                        .bind(4, login.port())
                        .bind(5, login.hostKey())
                        .bind(6, login.container().value())
                        .add();
            }
            return Batches.allChanged(batch.execute());
        }
    }
}
