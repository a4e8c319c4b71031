package dev.runtimeagent.bridge;

/** What a container can run into. */
public enum Limit {
    /** The kernel ended a program, for memory had run out. */
    MEMORY,
    /** The kernel started none, for there were too many. */
    PROCESSES
}
