package dev.runtimeagent.terminal;

import com.jcraft.jsch.ChannelShell;
import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import com.jcraft.jsch.UserInfo;

import dev.runtimeagent.bridge.SshAccess;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;

/**
 * Logs in to the container's own SSH server, and to no other: its host key must be the one known.
 */
final class SshLogin {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Small, so that little is left to come after Ctrl-C; large enough for a loopback's speed. */
    private static final int WINDOW_BYTES = 256 * 1024;

    private static final int PACKET_BYTES = 32 * 1024;

    private SshLogin() {}

    /**
     * Opens a shell.
     *
     * @param hostKey as OpenSSH writes it
     * @param screen where its output goes; closed at its end
     * @throws JSchException when the server is not there, is another, or does not let us in
     */
    static ChannelShell open(
            SshAccess.Granted access, String hostKey, TerminalSize size, OutputStream screen)
            throws JSchException {
        var session = new JSch().getSession(access.user(), access.host(), access.port());
        session.setHostKeyRepository(new PinnedHostKey(hostKey));
        session.setPassword(access.password().reveal().getBytes(StandardCharsets.UTF_8));
        session.setSocketFactory(new Buffered());
        configure(session, hostKey.split(" ", 2)[0]);
        try {
            session.connect((int) PATIENCE.toMillis());
            var shell = (ChannelShell) session.openChannel("shell");
            shell.setLocalWindowSizeMax(WINDOW_BYTES);
            shell.setLocalPacketSize(PACKET_BYTES);
            shell.setPtyType("xterm-256color", size.columns(), size.rows(), 0, 0);
            shell.setOutputStream(screen);
            shell.connect((int) PATIENCE.toMillis());
            return shell;
        } catch (JSchException e) {
            session.disconnect();
            throw e;
        }
    }

    private static void configure(Session session, String keyType) throws JSchException {
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("PreferredAuthentications", "password");
        session.setConfig(
                "server_host_key",
                keyType.equals("ssh-rsa") ? "rsa-sha2-512,rsa-sha2-256" : keyType);
        for (var direction : new String[] {"cipher.c2s", "cipher.s2c"}) {
            session.setConfig(direction, "aes128-gcm@openssh.com,aes256-gcm@openssh.com");
        }
        session.setConfig("kex", "curve25519-sha256,ecdh-sha2-nistp256");
        session.setDaemonThread(true);
    }

    /** Reads with a buffer: jsch asks for each packet's length and for its rest apart. */
    private static final class Buffered implements SocketFactory {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            return socket;
        }

        @Override
        public InputStream getInputStream(Socket socket) throws IOException {
            return new BufferedInputStream(socket.getInputStream(), 2 * PACKET_BYTES);
        }

        @Override
        public OutputStream getOutputStream(Socket socket) throws IOException {
            return socket.getOutputStream();
        }
    }

    /** Knows one key and learns no other. */
    private record PinnedHostKey(String line) implements HostKeyRepository {
        @Override
        public int check(String host, byte[] key) {
            var words = line.split(" ", 3);
            if (words.length < 2) {
                return NOT_INCLUDED;
            }
            return MessageDigest.isEqual(Base64.getDecoder().decode(words[1]), key) ? OK : CHANGED;
        }

        @Override
        public void add(HostKey key, @Nullable UserInfo info) {}

        @Override
        public void remove(String host, String type) {}

        @Override
        public void remove(String host, String type, byte[] key) {}

        @Override
        public String getKnownHostsRepositoryID() {
            return "the container's own";
        }

        @Override
        public HostKey[] getHostKey() {
            return new HostKey[0];
        }

        @Override
        public HostKey[] getHostKey(String host, String type) {
            return new HostKey[0];
        }
    }
}
