package dev.runtimeagent.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class StrictJsonTest {
    @Test
    void anObjectIsRead() throws NotJson {
        var fields = StrictJson.object(" {\"a\": {\"b\": [1, -2.5, true, null, \"\\u00e4\"]}} ");
        assertThat(fields.getJSONObject("a").getJSONArray("b").getString(4)).isEqualTo("ä");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"a\": 1} {}",
                "{\"a\": 1} x",
                "{\"a\": 1,}",
                "{'a': 1}",
                "{a: 1}",
                "{\"a\": b}",
                "{\"a\": 01}",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": \"\\x\"}",
                "{\"a\": 1} // comment"
            })
    void nothingElseIsTakenForOne(String text) {
        assertThatExceptionOfType(NotJson.class).isThrownBy(() -> StrictJson.object(text));
    }

    @Test
    void aTowerOfArraysIsRefused() {
        var text = "{\"a\": " + "[".repeat(30_000);
        assertThatExceptionOfType(NotJson.class).isThrownBy(() -> StrictJson.object(text));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        var bytes = "{\"a\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(NotJson.class).isThrownBy(() -> StrictJson.object(bytes));
    }

    @Test
    void textsKeepTheirOrder() throws NotJson {
        var texts = StrictJson.texts(utf8("{\"z\": \"1\", \"a\": \"\\n\"}"));
        assertThat(texts).containsExactly(entry("z", "1"), entry("a", "\n"));
        assertThat(StrictJson.texts(utf8(" { } "))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"a\": 1}",
                "{\"a\": null}",
                "{\"a\": {}}",
                "{\"a\": \"b\"",
                "{\"a\": \"b\",}",
                "{\"a\" \"b\"}",
                "{\"a\": \"b\" \"c\": \"d\"}",
                "{\"a\": \"b\", \"a\": \"c\"}",
                "{\"a\": \"b\"} x",
                "{a: \"b\"}"
            })
    void anObjectOfOtherThingsIsNoObjectOfTexts(String text) {
        assertThatExceptionOfType(NotJson.class).isThrownBy(() -> StrictJson.texts(utf8(text)));
    }

    private static java.util.Map.Entry<String, String> entry(String name, String text) {
        return java.util.Map.entry(name, text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
