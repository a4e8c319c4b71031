package dev.runtimebridge.fleet;

/**
 * The right to run the loops, until another holder's epoch is higher.
 *
 * @param holder the name of the bridge that has it
 * @param epoch counts the holders; every write of the loop names it
 */
public record Lease(String holder, long epoch) {}
