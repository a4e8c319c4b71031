package dev.runtimeagent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

class WorkspaceTest {
    @TempDir Path folder;

    private Path inside;
    private Path outside;
    private Workspace workspace;

    @BeforeEach
    void make() throws IOException {
        inside = Files.createDirectory(folder.resolve("workspace"));
        outside = Files.createDirectory(folder.resolve("outside"));
        workspace = new Workspace(inside);
    }

    @Test
    void filesAreWrittenInTheirFolders() throws Exception {
        write(Map.of("main.py", "print('ü')\n", "a/b/c.txt", "c", "a/d.txt", ""));

        assertThat(inside.resolve("main.py")).hasContent("print('ü')\n");
        assertThat(inside.resolve("a/b/c.txt")).hasContent("c");
        assertThat(inside.resolve("a/d.txt")).isEmptyFile();
        assertThat(Files.list(inside)).as("no drafts stay").hasSize(2);
    }

    @Test
    void whatIsThereIsReplacedAndOtherFilesStay() throws Exception {
        Files.writeString(inside.resolve("main.py"), "a much longer former content");
        Files.writeString(inside.resolve("mine.txt"), "mine");
        write(Map.of("main.py", "new"));

        assertThat(inside.resolve("main.py")).hasContent("new");
        assertThat(inside.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void aSymlinkedParentIsRefusedBeforeAnythingIsWritten() throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), outside);
        assertRefused(
                Map.of("a.txt", "a", "link/evil", "e", "z.txt", "z"),
                "\"link\", which is no folder");
        assertThat(inside.resolve("a.txt")).doesNotExist();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aSymlinkDeepInsideIsRefused() throws Exception {
        Files.createDirectories(inside.resolve("a/b"));
        Files.createSymbolicLink(inside.resolve("a/b/c"), outside);
        assertRefused(Map.of("a/b/c/evil", "e"), "no folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aSymlinkInAFilesPlaceIsRefused() throws Exception {
        var victim = Files.writeString(outside.resolve("victim"), "untouched");
        Files.createSymbolicLink(inside.resolve("main.py"), victim);
        assertRefused(Map.of("main.py", "e"), "no plain file");
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void aDanglingSymlinkIsRefused() throws Exception {
        Files.createSymbolicLink(inside.resolve("main.py"), outside.resolve("new"));
        assertRefused(Map.of("main.py", "e"), "no plain file");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aWorkspaceThatIsALinkIsRefused() throws Exception {
        Files.delete(inside);
        Files.createSymbolicLink(inside, outside);
        assertRefused(Map.of("main.py", "e"), "gone or a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFolderInAFilesPlaceAndAFileInAFoldersPlaceAreRefused() throws Exception {
        Files.createDirectory(inside.resolve("main.py"));
        Files.writeString(inside.resolve("a"), "file");
        assertRefused(Map.of("main.py", "e"), "no plain file");
        assertRefused(Map.of("a/b", "e"), "no folder");
    }

    @Test
    void aUserWhoSwapsFoldersForLinksMeanwhileGetsNothingOutside() throws Exception {
        var swapped = inside.resolve("a");
        var stop = new AtomicBoolean();
        var swapper =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!stop.get()) {
                                        swap(swapped);
                                    }
                                });
        try {
            for (int i = 0; i < 300; i++) {
                try {
                    write(Map.of("a/evil", "e"));
                } catch (IOException | ProjectRefused lost) {
                    // the swapper was faster; what counts is what is outside
                }
            }
        } finally {
            stop.set(true);
            swapper.join();
        }
        assertThat(outside).isEmptyDirectory();
    }

    private void swap(Path place) {
        try {
            if (Files.isSymbolicLink(place)) {
                Files.delete(place);
                Files.createDirectory(place);
            } else {
                if (Files.exists(place)) {
                    Files.move(place, folder.resolve("aside-" + System.nanoTime()));
                }
                Files.createSymbolicLink(place, outside);
            }
        } catch (IOException lost) {
            Thread.onSpinWait();
        }
    }

    private void assertRefused(Map<String, String> texts, String why) {
        assertThatThrownBy(() -> write(texts))
                .isInstanceOf(ProjectRefused.class)
                .hasMessageContaining(why);
    }

    private void write(Map<String, String> texts) throws ProjectRefused, IOException {
        workspace.write(ProjectFiles.of(texts));
    }
}
