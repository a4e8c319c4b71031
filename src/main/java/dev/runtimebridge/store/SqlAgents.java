package dev.runtimebridge.store;

import dev.runtimebridge.auth.AgentDirectory;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.store.Database.Lane;

import java.util.Optional;

/** Agents by their API key's hash, in SQL: one read over two unique keys. Reads only. */
public final class SqlAgents implements AgentDirectory {
    static final String BY_API_KEY =
            "select "
                    + AllocationRows.COLUMNS
                    + ", "
                    + AllocationRows.ADDRESS_COLUMNS
                    + ", "
                    + AllocationRows.LOGIN_COLUMNS
                    + ", c.ref from container c join allocation a on a.container_id = c.id and"
                    + " a.live = 1 where c.api_key_hash = ? and a.state = 'ACTIVE' and c.state ="
                    + " 'BOUND' and c.ssh_user is not null and c.address_ip is not null";

    private final Database database;

    public SqlAgents(Database database) {
        this.database = database;
    }

    @Override
    public Optional<KnownAgent> byApiKeyHash(String apiKeyHash) {
        return database.read(
                Lane.REQUESTS,
                (handle, attempt) ->
                        handle.createQuery(BY_API_KEY)
                                .bind(0, apiKeyHash)
                                .map(
                                        (row, context) ->
                                                new KnownAgent(
                                                        new ContainerRef(row.getString("ref")),
                                                        AllocationRows.address(row).orElseThrow(),
                                                        AllocationRows.allocation(row),
                                                        AllocationRows.login(row)))
                                .findOne());
    }
}
