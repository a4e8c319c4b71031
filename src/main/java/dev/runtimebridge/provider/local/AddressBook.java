package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ProviderException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * Hands out addresses that nobody else listens on. On systems where all of 127.0.0.0/8 is there
 * each container gets an IP address of its own with the usual ports; elsewhere, or where a stranger
 * holds those ports on every address, it gets ports of its own.
 */
final class AddressBook {
    private static final int SIZE = 256 * 254;
    private static final int STRANGERS_UNTIL_OWN_PORTS = 32;
    private static final int ATTEMPTS = 100;

    private final String net;
    private final int agentPort;
    private final int sshPort;
    private final Set<String> taken = new HashSet<>();
    private int next;

    /**
     * @param net the first half of the addresses, {@code 127.64}
     * @param first where to begin, any number; another one per installation keeps installations on
     *     one machine out of each other's way
     */
    AddressBook(String net, int agentPort, int sshPort, int first) {
        this.net = net;
        this.agentPort = agentPort;
        this.sshPort = sshPort;
        this.next = Math.floorMod(first, SIZE);
    }

    /** An IP address and two ports on it. */
    record Place(String ip, int agentPort, int sshPort) {}

    synchronized void take(Place place) {
        taken.add(place.ip + ":" + place.agentPort);
        taken.add(place.ip + ":" + place.sshPort);
    }

    synchronized void release(Place place) {
        taken.remove(place.ip + ":" + place.agentPort);
        taken.remove(place.ip + ":" + place.sshPort);
    }

    synchronized Place reserve() {
        var place = ownAddress(net + ".0.1", 0, 0) ? byAddress() : byPort("127.0.0.1");
        take(place);
        return place;
    }

    private Place byAddress() {
        String ip = "";
        for (int strangers = 0; strangers < STRANGERS_UNTIL_OWN_PORTS; ) {
            ip = net + "." + next / 254 + "." + (next % 254 + 1);
            next = (next + 1) % SIZE;
            if (isTaken(ip, agentPort) || isTaken(ip, sshPort)) {
                if (taken.size() >= 2 * SIZE) {
                    throw full();
                }
                continue;
            }
            if (ownAddress(ip, agentPort, sshPort)) {
                return new Place(ip, agentPort, sshPort);
            }
            strangers++;
        }
        return byPort(ip);
    }

    private Place byPort(String ip) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (var agent = new ServerSocket(0, 1, InetAddress.ofLiteral(ip));
                    var ssh = new ServerSocket(0, 1, InetAddress.ofLiteral(ip))) {
                if (!isTaken(ip, agent.getLocalPort()) && !isTaken(ip, ssh.getLocalPort())) {
                    return new Place(ip, agent.getLocalPort(), ssh.getLocalPort());
                }
            } catch (IOException e) {
                throw ProviderException.repeatable(
                        new Cause(
                                Cause.Kind.INFRASTRUCTURE,
                                "no port to be had on " + ip + ": " + e.getMessage()),
                        e);
            }
        }
        throw full();
    }

    private boolean isTaken(String ip, int port) {
        return taken.contains(ip + ":" + port);
    }

    private static boolean ownAddress(String ip, int first, int second) {
        try (var one = new ServerSocket(first, 1, InetAddress.ofLiteral(ip));
                var two = new ServerSocket(second, 1, InetAddress.ofLiteral(ip))) {
            return one.isBound() && two.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static ProviderException full() {
        return ProviderException.repeatable(
                new Cause(Cause.Kind.CAPACITY, "all local addresses are in use"), null);
    }
}
