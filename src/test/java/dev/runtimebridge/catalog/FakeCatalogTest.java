package dev.runtimebridge.catalog;

import dev.runtimebridge.testing.FakeCatalog;

class FakeCatalogTest extends CatalogStoreContract {
    private final FakeCatalog fake = new FakeCatalog();

    @Override
    EntryStore entries() {
        return fake;
    }

    @Override
    ImageStore images() {
        return fake;
    }
}
