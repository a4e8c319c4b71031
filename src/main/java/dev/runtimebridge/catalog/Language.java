package dev.runtimebridge.catalog;

/** A language that images are grouped by; {@code order} is its place in a list, lowest first. */
public record Language(String name, int order) {}
