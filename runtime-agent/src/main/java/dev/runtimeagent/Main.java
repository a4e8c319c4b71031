package dev.runtimeagent;

/** Starts the agent. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println(arguments.length);
    }
}
