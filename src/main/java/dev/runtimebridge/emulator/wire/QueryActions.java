package dev.runtimebridge.emulator.wire;

/** A service that speaks the query protocol of EC2 or of AWS. */
interface QueryActions {
    /** Its name in IAM actions and credential scopes: {@code ec2}. */
    String service();

    /** Takes a token from the buckets of that request; whether there was one. */
    boolean admits(String action, QueryParameters request);

    /**
     * Does what the request asks; the answer is a document.
     *
     * @throws dev.runtimebridge.emulator.region.AwsException what AWS would answer instead
     */
    String answer(String action, QueryParameters request);
}
