package dev.runtimebridge.config;

import dev.runtimebridge.auth.AuthSettings;
import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.gateway.GatewaySettings;
import dev.runtimebridge.launch.LaunchSettings;

import java.util.Optional;

/**
 * Everything that is configured.
 *
 * @param gateway absent where there is none
 * @param debug whether to log in detail
 */
public record Settings(
        HttpSettings http,
        DatabaseSettings database,
        AuthSettings auth,
        LaunchSettings launch,
        FleetSettings fleet,
        ProviderSettings provider,
        Optional<GatewaySettings> gateway,
        Secrets secrets,
        boolean debug) {}
