package dev.runtimeagent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class ScreenTailTest {
    private static final int KEPT = 16;

    @Property
    void whatIsKeptIsAlwaysTheEndOfWhatWasShown(
            @ForAll @Size(max = 20) List<@StringLength(max = 40) String> pieces) {
        var tail = new ScreenTail(KEPT);
        var all = String.join("", pieces).getBytes(StandardCharsets.UTF_8);
        for (var piece : pieces) {
            var bytes = piece.getBytes(StandardCharsets.UTF_8);
            tail.append(bytes, 0, bytes.length);
        }
        var content = tail.content();
        assertThat(content.length).isLessThanOrEqualTo(KEPT);
        assertThat(content)
                .isEqualTo(
                        java.util.Arrays.copyOfRange(all, all.length - content.length, all.length));
        if (all.length <= KEPT) {
            assertThat(content).isEqualTo(all);
        }
    }

    @Test
    void aLongScreenStartsWithAWholeLine() {
        assertThat(contentAfter("cut off\nfirst\nsecond\n")).isEqualTo("first\nsecond\n");
    }

    @Test
    void aLineWithoutEndStartsWithAWholeCharacter() {
        assertThat(contentAfter("aéééééééé")).isEqualTo("éééééééé");
        assertThat(contentAfter("éééééééébb")).isEqualTo("éééééééb".substring(0, 7) + "bb");
    }

    private static String contentAfter(String shown) {
        var tail = new ScreenTail(KEPT);
        var bytes = shown.getBytes(StandardCharsets.UTF_8);
        tail.append(bytes, 0, bytes.length);
        return new String(tail.content(), StandardCharsets.UTF_8);
    }
}
