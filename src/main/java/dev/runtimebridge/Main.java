package dev.runtimebridge;

/** Starts the bridge. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println(arguments.length);
    }
}
