package dev.runtimebridge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of what is measured: bound to cores, and before others where that is allowed. */
final class Command {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private Command() {}

    /** The same command on this core alone, with all that it starts. */
    static List<String> onCore(int core, List<String> command) {
        return first(prepended(List.of("taskset", "-c", Integer.toString(core % CORES)), command));
    }

    /** From now on all of a running process keeps to this core. */
    static void keepToCore(int core, long pid) throws IOException, InterruptedException {
        var command =
                List.of("taskset", "-apc", Integer.toString(core % CORES), Long.toString(pid));
        output(command);
    }

    /** What a command writes, once it has ended well. */
    static String output(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + said.strip());
        }
        return said;
    }

    /** What a JVM's heap holds after a full collection. */
    static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram = output(List.of(jcmd, Long.toString(pid), "GC.class_histogram"));
        long bytes =
                histogram
                        .lines()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(words -> words.length >= 4 && words[0].endsWith(":"))
                        // What the collector leaves between live objects.
                        .filter(words -> !words[3].contains("FillerElement"))
                        .mapToLong(words -> Long.parseLong(words[2]))
                        .sum();
        if (bytes == 0) {
            throw new IllegalStateException("jcmd tells of no objects");
        }
        return bytes;
    }

    /** The same command before what else the machine does; just the command without the right. */
    static List<String> first(List<String> command) {
        return prepended(List.of("nice", "-n", "-10"), command);
    }

    /** A class with a main of the benchmarks, in a JVM of its own. */
    static List<String> java(List<String> flags, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(javaProgram());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    static String javaProgram() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> prepended(List<String> words, List<String> command) {
        var all = new ArrayList<>(words);
        all.addAll(command);
        return all;
    }
}
