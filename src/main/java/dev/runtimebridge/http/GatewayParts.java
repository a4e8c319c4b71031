package dev.runtimebridge.http;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.gateway.ActivityStore;
import dev.runtimebridge.gateway.Gatekeeper;
import dev.runtimebridge.gateway.GatewayLinks;
import dev.runtimebridge.gateway.ShareStore;
import dev.runtimebridge.secret.Secret;

import java.time.InstantSource;

/**
 * What the API needs where there is a gateway.
 *
 * @param key what gateways show
 */
public record GatewayParts(
        Gatekeeper gatekeeper,
        ActivityStore activity,
        GatewayLinks links,
        ShareStore shares,
        Ids ids,
        Secret key,
        InstantSource clock) {
    Entrance entrance() {
        return new Entrance(links);
    }
}
