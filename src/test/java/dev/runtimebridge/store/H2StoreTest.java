package dev.runtimebridge.store;

import dev.runtimebridge.testing.TestDatabases;

class H2StoreTest extends StoreContract {
    @Override
    DatabaseSettings newDatabase() {
        return TestDatabases.h2Settings();
    }

    @Override
    String inAnotherTimeZone() {
        return "set time zone '+05:30'";
    }
}
