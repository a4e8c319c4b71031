package dev.runtimebridge.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What one run of a benchmark measured, as the line of JSON that it prints.
 *
 * @param ours the figure, in {@code unit}
 * @param beside what stands beside it, in the same unit; null where nothing does
 * @param mark as {@link Mark} reads it
 * @param database what the figure depends on: {@code h2}, {@code mariadb 10.11}; null where none
 * @param provider {@code local}, {@code fake}; null where none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(value = "met", allowGetters = true)
public record Measure(
        String bench,
        String measure,
        double ours,
        Double beside,
        String unit,
        String mark,
        String database,
        String provider) {
    private static final JsonMapper JSON = new JsonMapper();

    public Measure {
        if (bench == null || measure == null || unit == null || mark == null) {
            throw new IllegalArgumentException("bench, measure, unit and mark are required");
        }
        Mark.of(mark).requires(beside);
    }

    /** Whether this run alone met the mark. */
    @JsonProperty
    public boolean met() {
        return Mark.of(mark).met(Mark.of(mark).margin(ours, beside));
    }

    /** Prints the line that the report reads. */
    public void print() {
        try {
            System.out.println(JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Measure parse(String line) throws JsonProcessingException {
        return JSON.readValue(line, Measure.class);
    }
}
