package dev.runtimebridge.emulator.script;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;

import java.util.regex.Pattern;

/** What is wrong with a text, where, in one line, in the words of whoever wrote it. */
final class Complaint {
    private static final Pattern CLASS = Pattern.compile("`?[a-z.]+\\.[A-Z][A-Za-z$.]*`?");
    private static final Pattern CHOICES = Pattern.compile("Enum class: (\\[.*])");

    private Complaint() {}

    static String of(JacksonException fault) {
        if (!(fault instanceof JsonMappingException mapping)) {
            return firstLine(fault);
        }
        var place = place(mapping);
        return (place.isEmpty() ? "" : place + ": ") + what(mapping);
    }

    static String firstLine(JacksonException fault) {
        return fault.getOriginalMessage().lines().findFirst().orElse("");
    }

    private static String what(JsonMappingException fault) {
        return switch (fault) {
            case UnrecognizedPropertyException unknown ->
                    "there is no such key; there are " + unknown.getKnownPropertyIds();
            case ValueInstantiationException refused when refused.getCause() != null ->
                    String.valueOf(refused.getCause().getMessage());
            case InvalidFormatException odd -> odd(odd);
            default -> CLASS.matcher(firstLine(fault)).replaceAll("value");
        };
    }

    private static String odd(InvalidFormatException fault) {
        var choices = CHOICES.matcher(firstLine(fault));
        return "\""
                + fault.getValue()
                + "\" does not fit"
                + (choices.find() ? "; one of " + choices.group(1) + " does" : "");
    }

    private static String place(JsonMappingException fault) {
        var place = new StringBuilder();
        for (var part : fault.getPath()) {
            if (part.getFieldName() == null) {
                place.append('[').append(part.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(part.getFieldName());
            }
        }
        return place.toString();
    }
}
