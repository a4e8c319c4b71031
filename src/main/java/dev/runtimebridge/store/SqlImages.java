package dev.runtimebridge.store;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.CatalogEntry;
import dev.runtimebridge.catalog.EntryStore;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageDetails;
import dev.runtimebridge.catalog.ImageStore;
import dev.runtimebridge.catalog.Language;
import dev.runtimebridge.store.Database.Lane;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue in SQL. A repeated write recognises itself by what it finds stored: an equal entry
 * is what it was to make, whoever made it. What the loop waits for is read on the loops'
 * connections, ahead of the requests, which wait for the same.
 */
public final class SqlImages implements ImageStore, EntryStore {
    private static final String COLUMNS =
            "select id, name, language, revision, local_command, container_image, task_definition,"
                + " cpu_millis, memory_mib, architecture, price_usd_per_hour, enabled, version from"
                + " image";

    private final Database database;

    public SqlImages(Database database) {
        this.database = database;
    }

    @Override
    public List<Image> images() {
        return entries().stream().map(CatalogEntry::image).toList();
    }

    @Override
    public List<Language> languages() {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(
                                        "select name, ordering from language order by ordering,"
                                                + " name")
                                .map(
                                        (row, context) ->
                                                new Language(
                                                        row.getString("name"),
                                                        row.getInt("ordering")))
                                .list());
    }

    @Override
    public List<CatalogEntry> entries() {
        return database.read(
                Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(COLUMNS + " order by id")
                                .map((row, context) -> entry(row))
                                .list());
    }

    @Override
    public Optional<CatalogEntry> entry(ImageId id) {
        return database.read(Lane.REQUESTS, (handle, attempt) -> byId(handle, id));
    }

    /** Two that add at once draw the same id: the second tries again and sees the first. */
    @Override
    public Written add(ImageDetails details) {
        return database.race(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    var same = byName(handle, details);
                    if (same.isPresent()) {
                        return attempt > 1 && same.get().details().equals(details)
                                ? new Written.Stored(same.get())
                                : new Written.NameTaken(same.get().id());
                    }
                    var entry = new CatalogEntry(nextId(handle), 1, details, 0);
                    write(
                                    handle.createUpdate(
                                            "insert into image (name, language, local_command,"
                                                + " container_image, task_definition, cpu_millis,"
                                                + " memory_mib, architecture, price_usd_per_hour,"
                                                + " enabled, revision, version, id) values (?, ?,"
                                                + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                    entry)
                            .execute();
                    addLanguage(handle, details.language());
                    return new Written.Stored(entry);
                });
    }

    @Override
    public Written change(CatalogEntry next) {
        return database.race(
                Lane.REQUESTS,
                (handle, attempt) -> {
                    var stored = byId(handle, next.id());
                    if (attempt > 1 && stored.equals(Optional.of(next))) {
                        return new Written.Stored(next);
                    }
                    var same = byName(handle, next.details());
                    if (same.isPresent() && !same.get().id().equals(next.id())) {
                        return new Written.NameTaken(same.get().id());
                    }
                    int changed =
                            write(
                                            handle.createUpdate(
                                                    "update image set name = ?, language = ?,"
                                                        + " local_command = ?, container_image = ?,"
                                                        + " task_definition = ?, cpu_millis = ?,"
                                                        + " memory_mib = ?, architecture = ?,"
                                                        + " price_usd_per_hour = ?, enabled = ?,"
                                                        + " revision = ?, version = ? where id = ?"
                                                        + " and version = ?"),
                                            next)
                                    .bind(13, next.version() - 1)
                                    .execute();
                    if (changed == 0) {
                        return new Written.Stale();
                    }
                    addLanguage(handle, next.details().language());
                    return new Written.Stored(next);
                });
    }

    private static Update write(Update statement, CatalogEntry entry) {
        var details = entry.details();
        return statement
                .bind(0, details.name())
                .bind(1, details.language())
                .bind(2, details.run().localCommand())
                .bind(3, details.run().containerImage())
                .bind(4, details.run().taskDefinition())
                .bind(5, details.size().cpuMillis())
                .bind(6, details.size().memoryMebibytes())
                .bind(7, details.size().architecture().name())
                .bind(8, details.priceUsdPerHour())
                .bind(9, details.enabled())
                .bind(10, entry.revision())
                .bind(11, entry.version())
                .bind(12, entry.id().value());
    }

    private static ImageId nextId(Handle handle) {
        return new ImageId(
                handle.createQuery("select coalesce(max(id), 0) + 1 from image")
                        .mapTo(Long.class)
                        .one());
    }

    private static void addLanguage(Handle handle, String name) {
        boolean known =
                handle.createQuery("select count(*) from language where name = ?")
                        .bind(0, name)
                        .mapTo(Boolean.class)
                        .one();
        if (!known) {
            handle.createUpdate(
                            "insert into language (name, ordering) select ?,"
                                    + " coalesce(max(ordering), 0) + 1 from language")
                    .bind(0, name)
                    .execute();
        }
    }

    private static Optional<CatalogEntry> byId(Handle handle, ImageId id) {
        return handle.createQuery(COLUMNS + " where id = ?")
                .bind(0, id.value())
                .map((row, context) -> entry(row))
                .findOne();
    }

    private static Optional<CatalogEntry> byName(Handle handle, ImageDetails details) {
        return handle.createQuery(COLUMNS + " where language = ? and name = ?")
                .bind(0, details.language())
                .bind(1, details.name())
                .map((row, context) -> entry(row))
                .findOne();
    }

    private static CatalogEntry entry(ResultSet row) throws SQLException {
        return new CatalogEntry(
                new ImageId(row.getLong("id")),
                row.getInt("revision"),
                new ImageDetails(
                        row.getString("name"),
                        row.getString("language"),
                        ContainerRows.run(row),
                        ContainerRows.size(row),
                        row.getBigDecimal("price_usd_per_hour"),
                        row.getBoolean("enabled")),
                row.getLong("version"));
    }
}
