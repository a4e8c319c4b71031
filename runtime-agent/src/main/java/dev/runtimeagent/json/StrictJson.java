package dev.runtimeagent.json;

import org.json.JSONException;
import org.json.JSONObject;
import org.json.JSONParserConfiguration;
import org.json.JSONTokener;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads one JSON object, and takes no other text for one: nothing before or behind it, no name
 * twice, no comments, UTF-8 throughout.
 *
 * <p>Not by Jackson, whose first parser makes the JDK calculate large powers of five for {@code
 * BigDecimal}, and whose mapper reads time zones: a twelfth of the agent's start.
 */
public final class StrictJson {
    private static final JSONParserConfiguration STRICT =
            new JSONParserConfiguration().withStrictMode(true).withMaxNestingDepth(64);

    private StrictJson() {}

    /** The object in {@code utf8}. A long number takes long: not for texts of strangers. */
    public static JSONObject object(byte[] utf8) throws NotJson {
        return object(text(utf8));
    }

    /** The object in {@code text}, likewise. */
    public static JSONObject object(String text) throws NotJson {
        try {
            return new JSONObject(new JSONTokener(text, STRICT), STRICT);
        } catch (JSONException e) {
            throw notJson(e);
        }
    }

    /**
     * The texts of an object that holds nothing else, by name, in order. Other values are refused
     * unread.
     */
    public static Map<String, String> texts(byte[] utf8) throws NotJson {
        try {
            return texts(new JSONTokener(text(utf8), STRICT));
        } catch (JSONException e) {
            throw notJson(e);
        }
    }

    private static Map<String, String> texts(JSONTokener tokens) {
        var texts = new LinkedHashMap<String, String>();
        expect(tokens, '{');
        var next = tokens.nextClean();
        while (next != '}') {
            var name = string(tokens, next);
            expect(tokens, ':');
            if (texts.put(name, string(tokens, tokens.nextClean())) != null) {
                throw tokens.syntaxError("A name is there twice");
            }
            next = tokens.nextClean();
            if (next == ',') {
                next = tokens.nextClean();
                if (next == '}') {
                    throw tokens.syntaxError("Expected a name");
                }
            } else if (next != '}') {
                throw tokens.syntaxError("Expected , or }");
            }
        }
        expect(tokens, (char) 0);
        return texts;
    }

    private static String string(JSONTokener tokens, char quote) {
        if (quote != '"') {
            throw tokens.syntaxError("Expected a text");
        }
        return tokens.nextString(quote);
    }

    private static void expect(JSONTokener tokens, char expected) {
        if (tokens.nextClean() != expected) {
            throw tokens.syntaxError(expected == 0 ? "Expected the end" : "Expected " + expected);
        }
    }

    private static NotJson notJson(JSONException e) {
        return new NotJson(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }

    /** The text in {@code utf8}, which must be nothing but UTF-8. */
    public static String text(byte[] utf8) throws NotJson {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new NotJson("it is not UTF-8", e);
        }
    }
}
