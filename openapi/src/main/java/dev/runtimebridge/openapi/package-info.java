/**
 * Reads annotated handlers into an OpenAPI document, for the bridge and the agent. Touches
 * swagger-core and nothing of either; knows no web framework.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimebridge.openapi;
