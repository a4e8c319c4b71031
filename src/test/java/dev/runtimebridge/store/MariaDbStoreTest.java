package dev.runtimebridge.store;

import dev.runtimebridge.testing.MariaDbServer;
import dev.runtimebridge.testing.TestDatabases;

class MariaDbStoreTest extends StoreContract {
    @Override
    DatabaseSettings newDatabase() {
        return MariaDbServer.shared().newDatabase(TestDatabases.limits());
    }

    @Override
    String inAnotherTimeZone() {
        return "set time_zone = '+05:30'";
    }
}
