/**
 * Benchmarks: programs that print what they measured, and the report that runs them in turn, judges
 * medians against the marks and keeps the result. Registered in {@code benchmarks.txt}.
 */
package dev.runtimebridge.bench;
