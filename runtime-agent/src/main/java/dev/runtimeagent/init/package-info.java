/**
 * Init: proof that the caller is the bridge, and what init settled, kept over restarts. Touches the
 * state folder, through {@link dev.runtimeagent.init.IdentityFile} alone.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.init;
