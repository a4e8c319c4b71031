package dev.runtimeagent.run;

/** The source gave no project. The message completes "the project's source failed: ". */
public final class SourceFailed extends Exception {
    private final int status;

    SourceFailed(int status, String why) {
        super(why);
        this.status = status;
    }

    /** What it answered, 0 where it did not. */
    public int status() {
        return status;
    }
}
