package dev.runtimebridge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.stream.Collectors;

/** Says what is wrong with a body, without repeating any value of it. */
final class JsonFaults {
    private JsonFaults() {}

    static String said(JsonProcessingException fault) {
        return switch (fault) {
            case UnrecognizedPropertyException unknown ->
                    "there is no field "
                            + unknown.getPropertyName()
                            + ": there are "
                            + known(unknown);
            case MismatchedInputException mismatch -> mismatch(mismatch);
            case JsonMappingException mapping
                    when mapping.getCause() instanceof InputCoercionException ->
                    field(mapping) + " is far out of range";
            default -> syntax(fault);
        };
    }

    private static String known(UnrecognizedPropertyException fault) {
        return Objects.requireNonNull(fault.getKnownPropertyIds()).stream()
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String mismatch(MismatchedInputException fault) {
        var field = field(fault);
        var target = fault.getTargetType();
        if (field.isEmpty()) {
            return target != null && target.isRecord()
                    ? "the body must be one JSON object"
                    : syntax(fault);
        }
        return field + " must be " + kind(target);
    }

    private static String kind(@Nullable Class<?> target) {
        if (target == Long.class || target == Integer.class) {
            return "a whole number";
        }
        return target == Boolean.class ? "true or false" : "a string";
    }

    private static String field(JsonMappingException fault) {
        return fault.getPath().stream()
                .map(reference -> Objects.requireNonNullElse(reference.getFieldName(), "[]"))
                .collect(Collectors.joining("."));
    }

    private static String syntax(JsonProcessingException fault) {
        var at = fault.getLocation();
        return at == null
                ? "the body is not valid JSON"
                : "the body is not valid JSON: see line "
                        + at.getLineNr()
                        + ", column "
                        + at.getColumnNr();
    }
}
