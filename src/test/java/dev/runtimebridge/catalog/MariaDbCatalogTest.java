package dev.runtimebridge.catalog;

import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.testing.TestDatabases;

import org.junit.jupiter.api.AutoClose;

class MariaDbCatalogTest extends CatalogStoreContract {
    @AutoClose private final Database database = TestDatabases.mariaDb();

    @Override
    EntryStore entries() {
        return new SqlImages(database);
    }

    @Override
    ImageStore images() {
        return new SqlImages(database);
    }
}
