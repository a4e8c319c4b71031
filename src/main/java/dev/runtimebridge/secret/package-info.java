/**
 * What must not be read by others: redacting values, sealing, API keys, the proof of who the bridge
 * is. Touches {@code java.*}, java-jwt and the ids.
 */
@NullMarked
package dev.runtimebridge.secret;

import org.jspecify.annotations.NullMarked;
