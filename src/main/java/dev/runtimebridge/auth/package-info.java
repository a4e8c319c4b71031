/**
 * Who calls: users by JWT, agents by API key. Touches java-jwt, jwks-rsa, the allocation room and
 * its own store port.
 */
@NullMarked
package dev.runtimebridge.auth;

import org.jspecify.annotations.NullMarked;
