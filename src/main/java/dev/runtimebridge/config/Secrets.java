package dev.runtimebridge.config;

import dev.runtimebridge.secret.BridgeKey;

/**
 * The bridge's own keys.
 *
 * @param apiKeyMaster what the agents' API keys are derived from, at least 32 bytes
 * @param bridgeKey proves the bridge to agents
 */
public record Secrets(SealingKeys sealing, KeyBytes apiKeyMaster, BridgeKey bridgeKey) {}
