package dev.runtimebridge.http;

import dev.runtimebridge.auth.AgentDirectory;
import dev.runtimebridge.auth.TokenVerifier;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.LaunchService;

import java.util.Optional;

/**
 * Everything the API calls.
 *
 * @param gateway absent where there is none
 */
public record Collaborators(
        LaunchService launches,
        Allocations allocations,
        Catalog catalog,
        CatalogAdmin catalogAdmin,
        TokenVerifier tokens,
        AgentDirectory agents,
        CallHome callHome,
        Passwords passwords,
        Readiness readiness,
        Optional<GatewayParts> gateway) {}
