/**
 * The agent's HTTP routes on Javalin: handlers, wire records, and the one place that turns errors
 * into responses. The only room, with the wiring, that touches Javalin and Jetty (the terminal has
 * a servlet of its own).
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.http;
