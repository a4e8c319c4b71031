/**
 * What goes over the wire, field by field. Apart from the domain's types, so that either can change
 * alone; made from allocations, callers, addresses and entries of the catalogue; touches Jackson's
 * and swagger's annotations.
 */
@NullMarked
package dev.runtimebridge.http.wire;

import org.jspecify.annotations.NullMarked;
