package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A service that speaks AWS JSON. */
interface JsonActions {
    /** Its name in IAM actions and credential scopes: {@code ecs}. */
    String service();

    /** Of AWS JSON, {@code 1.1}. */
    String version();

    /** What stands before the codes of its errors. */
    String namespace();

    /** Takes a token from the buckets of that action; whether there was one. */
    boolean admits(String action);

    /**
     * Does what the request asks.
     *
     * @throws dev.runtimebridge.emulator.region.AwsException what AWS would answer instead
     */
    ObjectNode answer(String action, Members request);
}
