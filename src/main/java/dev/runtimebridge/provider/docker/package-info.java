/**
 * The Docker provider: every container is one of a Docker engine's, and what has to be remembered
 * of it is in that engine too, so that a bridge that was killed finds everything again. Builds the
 * images as well. Touches the provider port, the catalogue's records and docker-java.
 */
@NullMarked
package dev.runtimebridge.provider.docker;

import org.jspecify.annotations.NullMarked;
