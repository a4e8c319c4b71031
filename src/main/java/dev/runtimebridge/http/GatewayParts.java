package dev.runtimebridge.http;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.gateway.ActivityStore;
import dev.runtimebridge.gateway.Gatekeeper;
import dev.runtimebridge.gateway.GatewayLinks;
import dev.runtimebridge.gateway.NginxConfiguration;
import dev.runtimebridge.gateway.ShareStore;
import dev.runtimebridge.secret.Secret;

import java.time.InstantSource;

/**
 * What the API needs where there is a gateway.
 *
 * @param key what gateways show
 * @param nginx what NGINX runs by that does so in an image of its own
 */
public record GatewayParts(
        Gatekeeper gatekeeper,
        ActivityStore activity,
        GatewayLinks links,
        ShareStore shares,
        Ids ids,
        Secret key,
        NginxConfiguration nginx,
        InstantSource clock) {
    Entrance entrance() {
        return new Entrance(links);
    }
}
