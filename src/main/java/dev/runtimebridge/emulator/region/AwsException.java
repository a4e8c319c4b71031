package dev.runtimebridge.emulator.region;

import java.util.List;
import java.util.Map;

/** An error as AWS answers it. */
public final class AwsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int CLIENT = 400;

    private final String code;
    private final int status;
    private final transient Map<String, List<String>> more;

    /**
     * An error with further members.
     *
     * @param status of HTTP
     * @param more members of the error's body beside the message, each a list of strings
     */
    public AwsException(int status, String code, String message, Map<String, List<String>> more) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.more = Map.copyOf(more);
    }

    public AwsException(int status, String code, String message) {
        this(status, code, message, Map.of());
    }

    /** A fault of the caller, HTTP 400. */
    public static AwsException client(String code, String message) {
        return new AwsException(CLIENT, code, message);
    }

    /** ECS: "The specified parameter isn't valid." */
    public static AwsException invalid(String message) {
        return client("InvalidParameterException", message);
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public Map<String, List<String>> more() {
        return more;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
