/** JSON as RFC 8259 has it, by org.json, which Socket.IO brings along. Touches nothing else. */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.json;
