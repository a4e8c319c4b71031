/** A type for what must never be printed. Touches nothing but {@code java.*}. */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.secret;
