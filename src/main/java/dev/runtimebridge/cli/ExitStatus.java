package dev.runtimebridge.cli;

/** How a command ends. {@code ssh} passes on the status of the command that ran instead. */
public enum ExitStatus {
    DONE(0),
    /** The bridge refused, or what was asked for failed. */
    FAILED(1),
    /** The command line is wrong. */
    MISUSED(2),
    /** No bridge answers. */
    NO_BRIDGE(3),
    /** No SSH session came about, as the OpenSSH client says it. */
    NO_SESSION(255);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
