package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

import io.javalin.http.Context;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Query requests: a form with {@code Action} and {@code Version}, answered in XML. Source: the EC2
 * query and AWS query protocols of the Smithy specification; "Error codes" of the EC2 API
 * reference; common errors of the STS and IAM API references.
 */
final class QueryFront {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Gate gate;
    private final Map<String, QueryActions> services;

    /**
     * A front for some services.
     *
     * @param services by their API version, {@code 2016-11-15}
     */
    QueryFront(Gate gate, Map<String, QueryActions> services) {
        this.gate = gate;
        this.services = Map.copyOf(services);
    }

    void handle(Context ctx) {
        var parameters = new HashMap<String, String>();
        ctx.formParamMap().forEach((name, values) -> parameters.put(name, values.getFirst()));
        var request = new QueryParameters(parameters);
        var action = request.text("Action");
        var service = services.get(request.text("Version"));
        if (service == null) {
            write(ctx, 400, ec2Error("InvalidAction", "The action or version is not known."));
            return;
        }
        try {
            gate.pass(
                            Headers.call(ctx, service.service(), action),
                            () -> service.admits(action, request),
                            () -> service.answer(action, request))
                    .ifPresentOrElse(answer -> write(ctx, 200, answer), () -> Headers.hangUp(ctx));
        } catch (AwsException e) {
            var error = dressed(service.service(), e);
            write(
                    ctx,
                    error.status(),
                    service.service().equals("ec2")
                            ? ec2Error(error.code(), error.getMessage())
                            : error(error.code(), error.getMessage()));
        }
    }

    /** The gate's errors are those of JSON services; here they have other names. */
    private static AwsException dressed(String service, AwsException error) {
        var code = error.code();
        if (!code.endsWith("Exception")) {
            return error;
        }
        if (!service.equals("ec2")) {
            return new AwsException(
                    FORBIDDEN,
                    code.substring(0, code.length() - "Exception".length()),
                    error.getMessage());
        }
        return code.equals("ExpiredTokenException")
                ? AwsException.client("RequestExpired", "Request has expired.")
                : new AwsException(
                        UNAUTHORIZED,
                        "AuthFailure",
                        "AWS was not able to validate the provided access credentials");
    }

    private static String ec2Error(String code, String message) {
        return Xml.document(
                "Response",
                "",
                xml ->
                        xml.element(
                                        "Errors",
                                        _ ->
                                                xml.element(
                                                        "Error",
                                                        _ ->
                                                                xml.text("Code", code)
                                                                        .text("Message", message)))
                                .text("RequestID", UUID.randomUUID()));
    }

    private static String error(String code, String message) {
        return Xml.document(
                "ErrorResponse",
                "",
                xml ->
                        xml.element(
                                        "Error",
                                        _ ->
                                                xml.text("Type", "Sender")
                                                        .text("Code", code)
                                                        .text("Message", message))
                                .text("RequestId", UUID.randomUUID()));
    }

    private static void write(Context ctx, int status, String document) {
        ctx.status(status);
        ctx.contentType("text/xml;charset=UTF-8");
        ctx.result(document);
    }
}
