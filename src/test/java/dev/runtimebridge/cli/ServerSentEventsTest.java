package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

class ServerSentEventsTest {
    private static List<ServerSentEvents.Event> read(String text) throws IOException {
        var events = new ServerSentEvents(new BufferedReader(new StringReader(text)));
        var all = new ArrayList<ServerSentEvents.Event>();
        for (var next = events.next(); next.isPresent(); next = events.next()) {
            all.add(next.get());
        }
        return all;
    }

    @Test
    void commentsUnknownFieldsAndHalfEventsAreSkipped() throws IOException {
        assertThat(read(": hi\n\nretry: 5\nid:7\nevent: a\ndata: x\ndata:y\n\ndata: half\n"))
                .containsExactly(new ServerSentEvents.Event("7", "a", "x\ny"));
    }

    @Test
    void anIdHoldsUntilTheNextAndANameDoesNot() throws IOException {
        assertThat(read("id: 1\nevent: a\ndata: x\n\ndata: y\n\n"))
                .containsExactly(
                        new ServerSentEvents.Event("1", "a", "x"),
                        new ServerSentEvents.Event("1", "message", "y"));
    }

    @Property(tries = 200)
    void whatWasWrittenIsRead(
            @ForAll @Size(max = 8)
                    List<@AlphaChars @NumericChars @StringLength(max = 20) String> texts)
            throws IOException {
        var stream = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            stream.append("id: %d\r\nevent: step\r\ndata: %s\r\n\r\n".formatted(i, texts.get(i)));
        }
        assertThat(read(stream.toString()))
                .extracting(ServerSentEvents.Event::data)
                .isEqualTo(texts);
    }
}
