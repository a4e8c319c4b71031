package dev.runtimeagent.forward;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class BeginningTest {
    private static final String FORWARDED =
            "GET /a HTTP/1.1\r\nX-Bridge-Forward: a.b.c\r\nHost: h\r\n\r\nbody";

    private static Beginning of(String text) {
        return Beginning.of(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
    }

    @Test
    void theHeaderIsTakenOutAndTheRestStays() {
        assertThat(of(FORWARDED))
                .isInstanceOfSatisfying(
                        Beginning.Forwarded.class,
                        forwarded -> {
                            assertThat(forwarded.assertion()).isEqualTo("a.b.c");
                            assertThat(ISO_8859_1.decode(forwarded.bytes()).toString())
                                    .isEqualTo("GET /a HTTP/1.1\r\nHost: h\r\n\r\nbody");
                        });
    }

    @Test
    void anythingElseInItsPlaceMakesAnOrdinaryRequest() {
        assertThat(of("GET / HTTP/1.1\r\nHost: h\r\n")).isInstanceOf(Beginning.Ordinary.class);
        assertThat(of("GET / HTTP/1.1\r\n\r\n")).isInstanceOf(Beginning.Ordinary.class);
        assertThat(of("GET / HTTP/1.1\r\nHost: h\r\nX-Bridge-Forward: a\r\n"))
                .isInstanceOf(Beginning.Ordinary.class);
    }

    @Test
    void howeverItArrivesInPiecesItIsToldAtTheEnd() {
        int decided = FORWARDED.indexOf("\r\nHost") + 2;
        for (int length = 0; length < FORWARDED.length(); length++) {
            assertThat(of(FORWARDED.substring(0, length)))
                    .isInstanceOf(
                            length < decided ? Beginning.Unclear.class : Beginning.Forwarded.class);
        }
    }
}
