package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ImageChoiceTest {
    private static final ImageChoice CHOICE =
            new ImageChoice(
                    List.of(
                            new Wire.Image(1, "Python 3.12", "python", true),
                            new Wire.Image(2, "Python 2.7", "python", false),
                            new Wire.Image(3, "C (gcc)", "c", true),
                            new Wire.Image(4, "C++ (g++)", "cpp", true),
                            new Wire.Image(5, "Node.js 18", "node", true),
                            new Wire.Image(6, "Node.js 20", "node", true)));

    @ParameterizedTest
    @CsvSource({"1,1", "python,1", "PYTHON 2.7,2", "c,3", "cp,4", "node.js 2,6", "C++,4"})
    void anIdALanguageANameOrItsBeginningFindsAnImage(String wanted, long id) {
        assertThat(CHOICE.named(wanted).id()).isEqualTo(id);
    }

    @Test
    void whatCouldBeSeveralListsThem() {
        assertThatThrownBy(() -> CHOICE.named("node"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("5 Node.js 18, 6 Node.js 20");
    }

    @ParameterizedTest
    @CsvSource({"cobol", "7", "''"})
    void whatIsNotThereListsWhatThereIs(String wanted) {
        assertThatThrownBy(() -> CHOICE.named(wanted))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("1 Python 3.12, 2 Python 2.7 (not available)");
    }
}
