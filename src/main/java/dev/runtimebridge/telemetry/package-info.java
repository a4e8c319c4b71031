/** What operators see of a running bridge: its log. Touches {@code java.*} only. */
@NullMarked
package dev.runtimebridge.telemetry;

import org.jspecify.annotations.NullMarked;
