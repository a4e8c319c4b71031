/**
 * The agent's HTTP routes on Jetty: handlers, wire records, and the one place that turns errors
 * into answers. The only room but the terminal, which has a servlet of its own, that touches Jetty.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.http;
