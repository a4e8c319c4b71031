/** Reads annotated handlers into an OpenAPI document, for the bridge and the agent. */
package dev.runtimebridge.openapi;
