package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.region.LedgerEntry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Launches on Fargate that were made together; seconds are since the first request, sorted.
 *
 * @param asked when each task was asked for
 * @param up when each agent could answer
 * @param ready when each user was answered
 * @param waited of each user, in milliseconds from when their agent could answer
 */
record Launched(
        List<Launches.Answer> answers,
        List<Double> asked,
        List<Double> up,
        List<Double> ready,
        List<Double> waited) {

    /** The users' answers and the tasks of the ledger that they came from. */
    static Launched of(List<Launches.Answer> answers, List<LedgerEntry> tasks, Instant from) {
        var byIp =
                tasks.stream()
                        .collect(
                                Collectors.toMap(
                                        task -> task.address().orElse(""), Function.identity()));
        var waited = new ArrayList<Double>();
        for (var answer : answers) {
            var up = byIp.get(answer.ip()).answeredAt().orElseThrow();
            waited.add(Duration.between(up, answer.at()).toNanos() / 1e6);
        }
        return new Launched(
                answers,
                seconds(from, tasks.stream().map(LedgerEntry::askedAt).toList()),
                seconds(from, tasks.stream().flatMap(t -> t.answeredAt().stream()).toList()),
                seconds(from, answers.stream().map(Launches.Answer::at).toList()),
                waited);
    }

    private static List<Double> seconds(Instant from, List<Instant> times) {
        return times.stream()
                .map(time -> Duration.between(from, time).toNanos() / 1e9)
                .sorted()
                .toList();
    }
}
