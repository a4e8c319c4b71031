package dev.runtimeagent.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds listening servers in what Linux tells of sockets. Where the network is shared with others,
 * a server counts only when a process that is visible here holds its socket: what others' processes
 * hold cannot be seen from inside.
 */
public final class ListeningPrograms implements Forwarding.ServerFinder {
    private static final String LISTENING = "0A";
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final Path proc;
    private final InetAddress own;
    private final boolean sharedNetwork;

    /**
     * @param proc where the system tells of processes, {@code /proc}
     * @param own the address that the agent listens on
     * @param sharedNetwork whether others' programs listen on the same addresses
     */
    public ListeningPrograms(Path proc, InetAddress own, boolean sharedNetwork) {
        this.proc = proc;
        this.own = own;
        this.sharedNetwork = sharedNetwork;
    }

    private record Listener(InetAddress address, int port, String inode) {}

    @Override
    public InetAddress on(int port) throws IOException {
        var there = new ArrayList<Listener>();
        for (var table : List.of("net/tcp", "net/tcp6")) {
            listeners(proc.resolve(table)).stream()
                    .filter(one -> one.port == port)
                    .forEach(there::add);
        }
        if (sharedNetwork && !there.isEmpty()) {
            var held = held();
            there.removeIf(one -> !held.contains("socket:[" + one.inode + "]"));
        }
        if (there.isEmpty()) {
            throw new IOException("no program of this container listens on port " + port);
        }
        var address = there.getFirst().address;
        return address.isAnyLocalAddress() ? reachable() : address;
    }

    /** An address at which a server on all addresses answers. */
    private InetAddress reachable() {
        return own.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own;
    }

    private static List<Listener> listeners(Path table) throws IOException {
        var found = new ArrayList<Listener>();
        if (Files.exists(table)) {
            for (var line : Files.readAllLines(table)) {
                var fields = SPACES.split(line.strip(), -1);
                if (fields.length > 9 && fields[3].equals(LISTENING)) {
                    int colon = fields[1].indexOf(':');
                    found.add(
                            new Listener(
                                    address(fields[1].substring(0, colon)),
                                    Integer.parseInt(fields[1].substring(colon + 1), 16),
                                    fields[9]));
                }
            }
        }
        return found;
    }

    /** From words of 32 bits in the machine's order. */
    private static InetAddress address(String hex) throws UnknownHostException {
        var words = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        var bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return InetAddress.getByAddress(bytes.array());
    }

    /** The sockets that visible processes hold, as their descriptors name them. */
    private Set<String> held() throws IOException {
        var held = new HashSet<String>();
        DirectoryStream.Filter<Path> isProcess =
                entry -> Character.isDigit(entry.getFileName().toString().charAt(0));
        try (var processes = Files.newDirectoryStream(proc, isProcess)) {
            for (var process : processes) {
                held(process.resolve("fd"), held);
            }
        }
        return held;
    }

    private static void held(Path descriptors, Set<String> into) {
        try (var all = Files.newDirectoryStream(descriptors)) {
            for (var one : all) {
                into.add(Files.readSymbolicLink(one).toString());
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // it has ended, or is not ours to look into, and so proves nothing
        }
    }
}
