package dev.runtimebridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class EnvironmentTest {
    @TempDir Path folder;

    @Test
    void theEnvironmentWinsOverTheFile() {
        assertThat(Environment.merge(Map.of("A", "file", "B", "file"), Map.of("A", "process")))
                .isEqualTo(Map.of("A", "process", "B", "file"));
    }

    @Test
    void aFileHasLinesCommentsAndQuotes() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve(".env"),
                        "# a comment\n\nPORT=81\nKEY=\"a b\"\nBASE64=k1:ab+/cd==\nEMPTY=\n");
        assertThat(Environment.file(file))
                .containsEntry("PORT", "81")
                .containsEntry("KEY", "a b")
                .containsEntry("BASE64", "k1:ab+/cd==")
                .containsEntry("EMPTY", "");
    }

    @Test
    void noFileIsNoFault() {
        assertThat(Environment.file(folder.resolve(".env"))).isEmpty();
        assertThat(Environment.read(folder)).isEqualTo(System.getenv());
    }

    @Test
    void aBrokenFileIsNamedWithoutItsContent() throws IOException {
        Files.writeString(folder.resolve(".env"), "JWT_SECRET hush-hush\n");
        assertThatThrownBy(() -> Environment.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(".env has a line")
                .hasMessageNotContaining("hush");
    }
}
