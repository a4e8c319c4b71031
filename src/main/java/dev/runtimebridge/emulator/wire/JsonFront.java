package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;

import io.javalin.http.Context;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/**
 * AWS JSON over HTTP. Source: the AWS JSON 1.0 and 1.1 protocols of the Smithy specification: the
 * action is in X-Amz-Target, an error's code in {@code __type}.
 */
final class JsonFront {
    static final String TARGET = "X-Amz-Target";
    private static final int NOT_FOUND = 404;

    private final Gate gate;
    private final Map<String, JsonActions> services;
    private final JsonMapper json = new JsonMapper();

    /**
     * A front for some services.
     *
     * @param services by the first part of the target, {@code AmazonSQS}
     */
    JsonFront(Gate gate, Map<String, JsonActions> services) {
        this.gate = gate;
        this.services = Map.copyOf(services);
    }

    void handle(Context ctx, String target) {
        int dot = target.lastIndexOf('.');
        var service = services.get(dot < 0 ? target : target.substring(0, dot));
        if (service == null) {
            ctx.status(NOT_FOUND);
            return;
        }
        var action = target.substring(dot + 1);
        var call = Headers.call(ctx, service.service(), action);
        ctx.contentType("application/x-amz-json-" + service.version());
        ctx.header("x-amzn-RequestId", UUID.randomUUID().toString());
        try {
            var request = request(ctx);
            gate.pass(call, () -> service.admits(action), () -> service.answer(action, request))
                    .ifPresentOrElse(answer -> write(ctx, 200, answer), () -> Headers.hangUp(ctx));
        } catch (AwsException e) {
            fail(ctx, service, e);
        }
    }

    private Members request(Context ctx) {
        try {
            var body = ctx.bodyAsBytes();
            var node = body.length == 0 ? json.createObjectNode() : json.readTree(body);
            if (!node.isObject()) {
                throw AwsException.client(
                        "SerializationException", "Start of structure or map expected");
            }
            return new Members(node);
        } catch (JacksonException e) {
            throw AwsException.client("SerializationException", "not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }

    private void fail(Context ctx, JsonActions service, AwsException error) {
        var body = json.createObjectNode();
        body.put("__type", service.namespace() + error.code());
        body.put("message", error.getMessage());
        error.more()
                .forEach(
                        (member, values) -> {
                            var list = body.putArray(member);
                            values.forEach(list::add);
                        });
        write(ctx, error.status(), body);
    }

    private void write(Context ctx, int status, ObjectNode body) {
        try {
            ctx.status(status);
            ctx.result(json.writeValueAsBytes(body));
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
