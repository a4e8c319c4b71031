/**
 * The product as its users run it: bridge processes, agents, a database server and clients that are
 * all real. Touches the rest only through processes, files and the wire; the making of tokens and
 * keys excepted.
 */
package dev.runtimebridge.system;
