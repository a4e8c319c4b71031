package dev.runtimebridge.store;

import java.sql.Statement;
import java.util.Arrays;

/** What the counts of a JDBC batch say. */
final class Batches {
    private Batches() {}

    /** Whether each statement of the batch found its row. */
    static boolean allChanged(int[] counts) {
        if (Arrays.stream(counts).anyMatch(count -> count == Statement.SUCCESS_NO_INFO)) {
            throw new IllegalStateException(
                    "the driver does not say which rows a batch changed; lost updates would go"
                            + " unseen");
        }
        return Arrays.stream(counts).allMatch(count -> count == 1);
    }
}
