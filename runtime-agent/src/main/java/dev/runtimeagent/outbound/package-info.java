/** HTTP calls to elsewhere, bounded in time and size. Touches nothing but {@code java.*}. */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.outbound;
