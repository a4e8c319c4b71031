/**
 * The port to whatever runs containers. Adapters live in packages below, one each, and touch this
 * package and the catalogue's records only.
 */
@NullMarked
package dev.runtimebridge.provider;

import org.jspecify.annotations.NullMarked;
