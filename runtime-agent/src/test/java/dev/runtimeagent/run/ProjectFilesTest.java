package dev.runtimeagent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class ProjectFilesTest {
    @Property
    void aPathThatIsTakenStaysBelowTheWorkspace(@ForAll("paths") String path) {
        try {
            var segments = ProjectFiles.segments(path);
            var workspace = Path.of("/w/x");
            var target = workspace.resolve(String.join("/", segments));
            assertThat((Object) target.normalize()).isEqualTo(target);
            assertThat(target.startsWith(workspace)).isTrue();
            assertThat(target.getNameCount()).isEqualTo(workspace.getNameCount() + segments.size());
            assertThat(path).doesNotContain("\0").doesNotStartWith("/");
        } catch (ProjectRefused e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(200);
        }
    }

    @Property
    void aDotDotAnywhereIsRefused(
            @ForAll("plain") List<String> before, @ForAll("plain") List<String> after) {
        var parts = new ArrayList<>(before);
        parts.add("..");
        parts.addAll(after);
        assertThatThrownBy(() -> ProjectFiles.segments(String.join("/", parts)))
                .isInstanceOf(ProjectRefused.class);
    }

    @Property
    void plainPathsAreTaken(@ForAll("plain") List<String> parts) throws Exception {
        if (!parts.isEmpty()) {
            assertThat(ProjectFiles.segments(String.join("/", parts))).isEqualTo(parts);
        }
    }

    @Example
    void wellKnownTricksAreRefused() {
        for (var path :
                List.of(
                        "",
                        "/etc/passwd",
                        "//etc/passwd",
                        "../x",
                        "a/../../x",
                        "a/..",
                        "..",
                        ".",
                        "./a",
                        "a/./b",
                        "a//b",
                        "a/",
                        "a\0b",
                        "a\nb",
                        "a\\..\\b",
                        "\ud800",
                        "n".repeat(201),
                        "ü".repeat(101),
                        "d/".repeat(32) + "x",
                        ("d".repeat(100) + "/").repeat(10) + "name-that-is-too-much")) {
            assertThatThrownBy(() -> ProjectFiles.segments(path))
                    .as(path)
                    .isInstanceOf(ProjectRefused.class);
        }
    }

    @Example
    void aFileThatIsAlsoAFolderIsRefused() {
        assertThatThrownBy(() -> ProjectFiles.of(Map.of("a", "", "a.b", "", "a/b", "")))
                .hasMessage("\"a\" is a file and a folder");
    }

    @Example
    void tooManyAndTooLargeFilesAreRefused() {
        var many = new HashMap<String, String>();
        for (int i = 0; i <= ProjectFiles.COUNT; i++) {
            many.put("f" + i, "");
        }
        assertThatThrownBy(() -> ProjectFiles.of(many)).hasMessageContaining("1001 files");
        assertThatThrownBy(
                        () -> ProjectFiles.of(Map.of("f", "x".repeat(ProjectFiles.FILE_BYTES + 1))))
                .hasMessageContaining("\"f\" is larger");
        var large = new HashMap<String, String>();
        for (int i = 0; i < 9; i++) {
            large.put("f" + i, "x".repeat(ProjectFiles.FILE_BYTES));
        }
        assertThatThrownBy(() -> ProjectFiles.of(large)).hasMessageContaining("together");
    }

    @Provide
    Arbitrary<String> paths() {
        var part =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "..", ".", "", "a", "/", "\\", "\0", "~", "%2e%2e", "...", " "),
                        Arbitraries.strings().ofMaxLength(6));
        return Arbitraries.oneOf(
                part.list().ofMaxSize(6).map(parts -> String.join("/", parts)),
                Arbitraries.strings().ofMaxLength(300));
    }

    @Provide
    Arbitrary<List<String>> plain() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .ofMinLength(1)
                .ofMaxLength(10)
                .list()
                .ofMaxSize(5);
    }
}
