package dev.runtimebridge.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code ./bridge bench [NAME]}: runs the registered benchmarks in turn, five rounds (the long ones
 * one), each in a JVM of its own; prints the table, writes {@code target/bench/NAME.json}, and
 * exits with 1 when a mark is missed or a benchmark fails.
 */
public final class Report {
    private static final int ROUNDS = 5;
    private static final String SOAK = "soak";
    private static final String ONCE = "once";

    private final Path folder;
    private final int rounds;

    Report(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    /**
     * A registered benchmark.
     *
     * @param soak whether it runs only when it is asked for
     * @param once whether one round of it is enough
     */
    record Entry(String name, String mainClass, boolean soak, boolean once) {
        static Entry of(String line) {
            var words = line.strip().split("\\s+");
            var when = words.length == 3 ? words[2] : "";
            if (words.length < 2 || words.length > 3 || !Set.of("", SOAK, ONCE).contains(when)) {
                throw new IllegalArgumentException(
                        "benchmarks.txt: not 'NAME CLASS [soak|once]': " + line);
            }
            return new Entry(words[0], words[1], when.equals(SOAK), when.equals(ONCE));
        }
    }

    public static void main(String[] arguments) throws Exception {
        var name = arguments.length == 0 ? "all" : arguments[0];
        var all = registered();
        var chosen = chosen(name, all);
        if (chosen.isEmpty()) {
            var names = all.stream().map(Entry::name).toList();
            System.err.println("bridge: there is no benchmark '" + name + "'; there are: " + names);
            System.exit(2);
        }
        // The long repetitions repeat by themselves.
        int rounds = chosen.stream().allMatch(Entry::soak) ? 1 : ROUNDS;
        var report =
                new Report(Path.of(System.getProperty("bench.folder", "target/bench")), rounds);
        System.exit(report.run(name, chosen) ? 0 : 1);
    }

    private static List<Entry> registered() throws IOException {
        try (var file = Report.class.getResourceAsStream("benchmarks.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Entry::of)
                    .toList();
        }
    }

    static List<Entry> chosen(String name, List<Entry> all) {
        return switch (name) {
            case "all" -> all.stream().filter(entry -> !entry.soak()).toList();
            case SOAK -> all.stream().filter(Entry::soak).toList();
            default -> all.stream().filter(entry -> entry.name().equals(name)).toList();
        };
    }

    boolean run(String name, List<Entry> entries) throws IOException, InterruptedException {
        var measured = new LinkedHashMap<String, List<Measure>>();
        var load = new ArrayList<Double>();
        boolean allRan = true;
        for (int round = 1; round <= rounds; round++) {
            load.add(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            for (var entry : entries) {
                if (entry.once() && round > 1) {
                    continue;
                }
                System.err.println("round " + round + " of " + rounds + ": " + entry.name());
                allRan &= runOnce(entry, measured);
            }
        }
        var results = measured.values().stream().map(Result::new).toList();
        System.out.printf(
                "%n%-52s %16s %20s %14s  %s%n",
                "measure", "ours", "what stands beside", "mark", "met");
        results.forEach(result -> System.out.println(result.row()));
        Files.createDirectories(folder);
        var file = folder.resolve(name + ".json");
        new JsonMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), content(results, load));
        System.out.println("\nkept in " + file);
        return allRan && !results.isEmpty() && results.stream().allMatch(Result::met);
    }

    private static boolean runOnce(Entry entry, Map<String, List<Measure>> measured)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        for (var key : List.of("bridge.home", "bench.folder")) {
            var value = System.getProperty(key);
            if (value != null) {
                command.add("-D" + key + "=" + value);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), entry.mainClass()));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    var measure = Measure.parse(line);
                    measured.computeIfAbsent(
                                    measure.bench() + "/" + measure.measure(),
                                    key -> new ArrayList<>())
                            .add(measure);
                    System.err.println("  " + new Result(List.of(measure)).row());
                } else {
                    System.err.println("  " + line);
                }
            }
        } finally {
            process.destroy();
            Runtime.getRuntime().removeShutdownHook(end);
        }
        int status = process.waitFor();
        if (status != 0) {
            System.err.println(
                    "bridge: benchmark " + entry.name() + " ended with status " + status);
        }
        return status == 0;
    }

    private static Map<String, Object> content(List<Result> results, List<Double> load)
            throws IOException, InterruptedException {
        var content = new LinkedHashMap<String, Object>();
        content.put("at", Instant.now().toString());
        content.put("commit", git("rev-parse", "HEAD"));
        content.put("changed", !git("status", "--porcelain").isEmpty());
        content.put("machine", Machine.here());
        // Tells figures of a machine that was busy with something else.
        content.put("load_before_rounds", load);
        content.put("measures", results.stream().map(Report::measure).toList());
        return content;
    }

    private static Map<String, Object> measure(Result result) {
        var measure = new LinkedHashMap<String, Object>();
        measure.put("bench", result.first().bench());
        measure.put("measure", result.first().measure());
        measure.put("ours", result.ours());
        measure.put("beside", result.beside());
        measure.put("unit", result.first().unit());
        measure.put("mark", result.first().mark());
        measure.put("met", result.met());
        measure.put("database", result.first().database());
        measure.put("provider", result.first().provider());
        measure.put("runs", result.runs());
        return measure;
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? answer.strip() : "unknown";
    }
}
