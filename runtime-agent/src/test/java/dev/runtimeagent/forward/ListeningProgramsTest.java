package dev.runtimeagent.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

class ListeningProgramsTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("127.64.3.4");
    private static final Path PROC = Path.of("/proc");

    @TempDir private Path folder;

    @Test
    void aServerIsFoundOnTheAddressItListensOn() throws IOException {
        for (var ip : new String[] {"127.0.0.1", "127.64.9.9", "::1"}) {
            try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral(ip))) {
                for (boolean shared : new boolean[] {true, false}) {
                    assertThat(new ListeningPrograms(PROC, OWN, shared).on(server.getLocalPort()))
                            .isEqualTo(InetAddress.ofLiteral(ip));
                }
            }
        }
    }

    @Test
    void aServerOnAllAddressesIsReachedByTheAgentsOwn() throws IOException {
        try (var server = new ServerSocket(0)) {
            int port = server.getLocalPort();
            var wildcard = InetAddress.ofLiteral("0.0.0.0");
            assertThat(new ListeningPrograms(PROC, OWN, true).on(port)).isEqualTo(OWN);
            assertThat(new ListeningPrograms(PROC, wildcard, false).on(port).isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void onASharedNetworkOnlyWhatAVisibleProcessHoldsCounts() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            // All of the machine's sockets, and no process that holds one.
            Files.createDirectories(folder.resolve("net"));
            for (var table : new String[] {"net/tcp", "net/tcp6"}) {
                Files.createSymbolicLink(folder.resolve(table), PROC.resolve(table));
            }
            var others = Files.createDirectories(folder.resolve("17/fd"));
            Files.createSymbolicLink(others.resolve("3"), Path.of("socket:[1]"));

            assertThatThrownBy(
                            () ->
                                    new ListeningPrograms(folder, OWN, true)
                                            .on(server.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no program of this container listens");
            assertThat(new ListeningPrograms(folder, OWN, false).on(server.getLocalPort()))
                    .isEqualTo(server.getInetAddress());
        }
    }

    @Test
    void whereNobodyListensNothingIsFound() throws IOException {
        int port;
        try (var closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertThatThrownBy(() -> new ListeningPrograms(PROC, OWN, false).on(port))
                .isInstanceOf(IOException.class);
    }
}
