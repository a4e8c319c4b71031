package dev.runtimebridge.http;

import dev.runtimebridge.auth.AgentDirectory;
import dev.runtimebridge.auth.TokenVerifier;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.LaunchService;

/** Everything the API calls. */
public record Collaborators(
        LaunchService launches,
        Allocations allocations,
        Catalog catalog,
        CatalogAdmin catalogAdmin,
        TokenVerifier tokens,
        AgentDirectory agents,
        CallHome callHome,
        Passwords passwords,
        Readiness readiness) {}
