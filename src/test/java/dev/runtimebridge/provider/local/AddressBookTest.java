package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.local.AddressBook.Place;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

final class AddressBookTest {
    private static final String NET = "127.64";
    private static final int FIRST = 254 * 77;

    private final int agentPort = freePort();
    private final int sshPort = freePort();

    @Test
    void eachContainerGetsAnAddressOfItsOwnWithTheSamePorts() {
        var book = book();
        assertThat(List.of(book.reserve(), book.reserve()))
                .containsExactly(
                        new Place("127.64.77.1", agentPort, sshPort),
                        new Place("127.64.77.2", agentPort, sshPort));
    }

    @Test
    void anAddressOnWhichAStrangerListensIsSkipped() throws IOException {
        try (var agents = listen("127.64.77.1", agentPort);
                var ssh = listen("127.64.77.2", sshPort)) {
            assertThat(book().reserve().ip()).isEqualTo("127.64.77.3");
            assertThat(agents.isBound() && ssh.isBound()).isTrue();
        }
    }

    @Test
    void whereAStrangerHoldsThePortEverywhereContainersGetPortsOfTheirOwn() throws IOException {
        try (var everywhere = new ServerSocket(agentPort)) {
            var book = book();
            var places = List.of(book.reserve(), book.reserve());
            assertThat(places)
                    .allSatisfy(
                            place -> {
                                assertThat(place.agentPort())
                                        .isNotIn(everywhere.getLocalPort(), place.sshPort());
                                listen(place.ip(), place.agentPort()).close();
                                listen(place.ip(), place.sshPort()).close();
                            });
        }
    }

    @Test
    void whereThereIsOnly127001ContainersShareItWithPortsOfTheirOwn() {
        // 203.0.0.0/16 stands for a net that this machine has no address in.
        var book = new AddressBook("203.0", agentPort, sshPort, FIRST);
        var ports = new HashSet<Integer>();
        for (int i = 0; i < 20; i++) {
            var place = book.reserve();
            assertThat(place.ip()).isEqualTo("127.0.0.1");
            assertThat(ports.add(place.agentPort()) && ports.add(place.sshPort())).isTrue();
        }
    }

    @Test
    void containersThatStartAtTheSameTimeNeverShareAPlace() throws Exception {
        var book = book();
        var reservations = Collections.nCopies(100, (Callable<Place>) book::reserve);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var places = new HashSet<Place>();
            for (var place : threads.invokeAll(reservations)) {
                places.add(place.get());
            }
            assertThat(places).hasSize(100);
        }
    }

    @Test
    void whatAnEarlierBridgeGaveOutIsNotGivenOutAgainUntilItIsReleased() {
        var earlier = new Place("127.64.77.1", agentPort, sshPort);
        var book = book();
        book.take(earlier);
        assertThat(book.reserve().ip()).isEqualTo("127.64.77.2");
        var another = book();
        another.take(earlier);
        another.release(earlier);
        assertThat(another.reserve()).isEqualTo(earlier);
    }

    private AddressBook book() {
        return new AddressBook(NET, agentPort, sshPort, FIRST);
    }

    private static ServerSocket listen(String ip, int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.ofLiteral(ip));
    }

    private static int freePort() {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
