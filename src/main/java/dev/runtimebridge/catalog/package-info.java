/**
 * Images and languages: what can be launched. Touches its own store port and the allocation room's
 * ids.
 */
@NullMarked
package dev.runtimebridge.catalog;

import org.jspecify.annotations.NullMarked;
