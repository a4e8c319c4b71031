package dev.runtimebridge.cli;

/** A command that cannot go on; the message is one line for the person at the terminal. */
public class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient ExitStatus status;

    /** Ends with {@link ExitStatus#FAILED}. */
    public CommandFailed(String message) {
        this(ExitStatus.FAILED, message);
    }

    public CommandFailed(ExitStatus status, String message) {
        super(message);
        this.status = status;
    }

    public CommandFailed(ExitStatus status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    public ExitStatus status() {
        return status;
    }
}
