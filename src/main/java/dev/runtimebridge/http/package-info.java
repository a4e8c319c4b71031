/**
 * The API over HTTP: routes, handlers, wire records, one error mapper, the OpenAPI document and the
 * pages that show it. The only room that touches Javalin, Jetty and bucket4j; it calls launch,
 * catalog and auth, and knows nothing of databases, providers or loops.
 */
@NullMarked
package dev.runtimebridge.http;

import org.jspecify.annotations.NullMarked;
