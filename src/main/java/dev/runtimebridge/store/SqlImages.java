package dev.runtimebridge.store;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageStore;
import dev.runtimebridge.catalog.Language;
import dev.runtimebridge.store.Database.Lane;

import java.util.List;

/** The catalogue in SQL. Reads only. */
public final class SqlImages implements ImageStore {
    private final Database database;

    public SqlImages(Database database) {
        this.database = database;
    }

    @Override
    public List<Image> images() {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) ->
                        handle.createQuery(
                                        "select id, name, language, revision, local_command,"
                                                + " container_image, task_definition, cpu_millis,"
                                                + " memory_mib, enabled from image order by id")
                                .map(
                                        (row, context) ->
                                                new Image(
                                                        new ImageId(row.getLong("id")),
                                                        row.getString("name"),
                                                        row.getString("language"),
                                                        row.getInt("revision"),
                                                        ContainerRows.run(row),
                                                        row.getInt("cpu_millis"),
                                                        row.getInt("memory_mib"),
                                                        row.getBoolean("enabled")))
                                .list());
    }

    @Override
    public List<Language> languages() {
        return database.read(
                Lane.REQUESTS,
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
}
