/**
 * Images and languages: what can be launched, and its changes. Touches its own store ports and the
 * allocation room's ids.
 */
@NullMarked
package dev.runtimebridge.catalog;

import org.jspecify.annotations.NullMarked;
