package dev.runtimebridge.bench;

import java.util.List;
import java.util.Locale;

/**
 * One measure over all runs. The mark is judged on the median of the runs' margins, so that a
 * figure and what stands beside it are compared within the same run.
 */
record Result(List<Measure> runs) {
    Result {
        runs = List.copyOf(runs);
    }

    Measure first() {
        return runs.getFirst();
    }

    double ours() {
        return median(runs.stream().map(Measure::ours).toList());
    }

    Double beside() {
        return first().beside() == null
                ? null
                : Double.valueOf(median(runs.stream().map(Measure::beside).toList()));
    }

    boolean met() {
        var mark = Mark.of(first().mark());
        return mark.met(
                median(runs.stream().map(run -> mark.margin(run.ours(), run.beside())).toList()));
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    String row() {
        var unit = first().unit();
        return "%-52s %16s %20s %14s  %s"
                .formatted(
                        first().bench() + ": " + first().measure(),
                        shown(ours()) + " " + unit,
                        beside() == null ? "-" : shown(beside()) + " " + unit,
                        first().mark(),
                        met() ? "met" : "MISSED");
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }
}
