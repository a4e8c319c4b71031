package dev.runtimebridge.openapi;

import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.core.util.ParameterProcessor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.responses.ApiResponses;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads one handler method's annotations; the schemas it meets go to the components. */
final class OperationReader {
    private static final String[] NO_TYPES = {};
    private static final String JSON = "application/json";

    private final Components components;

    OperationReader(Components components) {
        this.components = components;
    }

    io.swagger.v3.oas.models.Operation read(Route route) {
        var method = handler(route);
        var annotation = method.getAnnotation(Operation.class);
        var operation = new io.swagger.v3.oas.models.Operation().operationId(id(method));
        text(annotation.summary()).ifPresent(operation::summary);
        text(annotation.description()).ifPresent(operation::description);
        tags(method, annotation).forEach(operation::addTagsItem);
        if (annotation.deprecated()) {
            operation.deprecated(true);
        }
        parameters(method, annotation)
                .forEach(parameter -> operation.addParametersItem(parameter(parameter)));
        refuseOtherPathParameters(route, operation);
        requestBody(method, annotation).map(this::body).ifPresent(operation::requestBody);
        operation.responses(responses(route, method, annotation));
        Stream.concat(
                        Arrays.stream(annotation.security()),
                        Arrays.stream(method.getAnnotationsByType(SecurityRequirement.class)))
                .forEach(
                        requirement ->
                                operation.addSecurityItem(
                                        new io.swagger.v3.oas.models.security.SecurityRequirement()
                                                .addList(
                                                        requirement.name(),
                                                        List.of(requirement.scopes()))));
        return operation;
    }

    private static Method handler(Route route) {
        return Arrays.stream(route.handlers().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Operation.class))
                .filter(method -> id(method).equals(route.operationId()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        route
                                                + ": "
                                                + route.handlers().getName()
                                                + " has no method "
                                                + route.operationId()
                                                + " with @Operation"));
    }

    private static String id(Method method) {
        return text(method.getAnnotation(Operation.class).operationId()).orElse(method.getName());
    }

    private static Set<String> tags(Method method, Operation annotation) {
        var tags = new LinkedHashSet<>(List.of(annotation.tags()));
        Stream.of(
                        method.getAnnotationsByType(Tag.class),
                        method.getDeclaringClass().getAnnotationsByType(Tag.class))
                .flatMap(Arrays::stream)
                .map(Tag::name)
                .forEach(tags::add);
        return tags;
    }

    private static Stream<Parameter> parameters(Method method, Operation annotation) {
        return Stream.concat(
                Arrays.stream(annotation.parameters()),
                Arrays.stream(method.getAnnotationsByType(Parameter.class)));
    }

    private io.swagger.v3.oas.models.parameters.Parameter parameter(Parameter annotation) {
        if (annotation.in() == ParameterIn.DEFAULT || annotation.name().isEmpty()) {
            throw new IllegalArgumentException(
                    "@Parameter(name = \"" + annotation.name() + "\") needs a name and an in");
        }
        var read =
                new io.swagger.v3.oas.models.parameters.Parameter().in(annotation.in().toString());
        if (annotation.in() == ParameterIn.PATH) {
            read.required(true);
        }
        return ParameterProcessor.applyAnnotations(
                read,
                type(annotation),
                List.of(annotation),
                components,
                NO_TYPES,
                NO_TYPES,
                null,
                true);
    }

    private static Class<?> type(Parameter annotation) {
        var declared = annotation.schema().implementation();
        return declared == Void.class ? String.class : declared;
    }

    private static void refuseOtherPathParameters(
            Route route, io.swagger.v3.oas.models.Operation operation) {
        var documented = new TreeSet<String>();
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> "path".equals(parameter.getIn()))
                    .forEach(parameter -> documented.add(parameter.getName()));
        }
        if (!documented.equals(route.pathParameters())) {
            throw new IllegalArgumentException(
                    route
                            + ": its path has "
                            + route.pathParameters()
                            + ", documented are "
                            + documented);
        }
    }

    private static Optional<RequestBody> requestBody(Method method, Operation annotation) {
        var own = Optional.ofNullable(method.getAnnotation(RequestBody.class));
        return own.or(
                () ->
                        Optional.of(annotation.requestBody())
                                .filter(body -> body.content().length > 0));
    }

    private io.swagger.v3.oas.models.parameters.RequestBody body(RequestBody annotation) {
        var body = new io.swagger.v3.oas.models.parameters.RequestBody();
        text(annotation.description()).ifPresent(body::description);
        if (annotation.required()) {
            body.required(true);
        }
        body.content(content(annotation.content()));
        return body;
    }

    private ApiResponses responses(Route route, Method method, Operation annotation) {
        var byStatus = new TreeMap<String, io.swagger.v3.oas.models.responses.ApiResponse>();
        Stream.concat(
                        Arrays.stream(annotation.responses()),
                        Arrays.stream(method.getAnnotationsByType(ApiResponse.class)))
                .forEach(
                        response -> {
                            if (byStatus.put(response.responseCode(), response(response)) != null) {
                                throw new IllegalArgumentException(
                                        route + " documents " + response.responseCode() + " twice");
                            }
                        });
        if (byStatus.isEmpty()) {
            throw new IllegalArgumentException(route + " documents no @ApiResponse");
        }
        var responses = new ApiResponses();
        responses.putAll(byStatus);
        return responses;
    }

    private io.swagger.v3.oas.models.responses.ApiResponse response(ApiResponse annotation) {
        var response =
                new io.swagger.v3.oas.models.responses.ApiResponse()
                        .description(annotation.description());
        response.content(content(annotation.content()));
        AnnotationsUtils.getHeaders(annotation.headers(), components, null, true)
                .ifPresent(
                        headers -> response.headers(new LinkedHashMap<>(new TreeMap<>(headers))));
        return response;
    }

    private io.swagger.v3.oas.models.media.@Nullable Content content(Content[] annotation) {
        return AnnotationsUtils.getContent(
                        annotation, NO_TYPES, new String[] {JSON}, null, components, null, true)
                .orElse(null);
    }

    private static Optional<String> text(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }
}
