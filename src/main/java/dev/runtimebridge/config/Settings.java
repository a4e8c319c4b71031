package dev.runtimebridge.config;

import dev.runtimebridge.auth.AuthSettings;
import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.launch.LaunchSettings;

/**
 * Everything that is configured.
 *
 * @param debug whether to log in detail
 */
public record Settings(
        HttpSettings http,
        DatabaseSettings database,
        AuthSettings auth,
        LaunchSettings launch,
        FleetSettings fleet,
        ProviderSettings provider,
        Secrets secrets,
        boolean debug) {}
