/**
 * The gateway: NGINX, with a configuration that is generated here, and the bridge's answer to its
 * one question, who may reach which address. Answers come from memory, which follows the store.
 * Knows ports, never adapters; HTTP and SQL are elsewhere.
 */
@NullMarked
package dev.runtimebridge.gateway;

import org.jspecify.annotations.NullMarked;
