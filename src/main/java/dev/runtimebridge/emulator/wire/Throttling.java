package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

/**
 * How services say that a bucket is empty. Source: "Request throttling" of the ECS and of the EC2
 * API reference; common errors of SQS, STS and IAM.
 */
final class Throttling {
    private static final int UNAVAILABLE = 503;
    private static final String RATE = "Rate exceeded";

    private Throttling() {}

    static AwsException of(String service) {
        return switch (service) {
            case "ec2" ->
                    new AwsException(
                            UNAVAILABLE, "RequestLimitExceeded", "Request limit exceeded.");
            case "sts", "iam" -> AwsException.client("Throttling", RATE);
            default -> AwsException.client("ThrottlingException", RATE);
        };
    }

    /** Seen from RunTask: only the text says what it is. */
    static AwsException wrapped() {
        return AwsException.invalid("Error calling Fargate: " + RATE);
    }

    static boolean is(AwsException error) {
        return error.code().startsWith("Throttling")
                || error.code().equals("RequestLimitExceeded")
                || error.getMessage().contains(RATE);
    }
}
