package dev.runtimebridge.cli;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelShell;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SocketFactory;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One SSH session with a container: a shell, or one command. */
final class SshSession {
    private static final int USUAL_PORT = 22;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(15);
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(15);
    private static final int UNKNOWN = -1;
    private static final String NO_WAY =
            "; a container in a private subnet is reached from within its network, and by a shell"
                    + " through the bridge's gateway, where it has one: run this from there";

    private final Wire.Login login;
    private final Surroundings surroundings;

    /** Nothing leads to the container from here. */
    static final class OutOfReach extends CommandFailed {
        private static final long serialVersionUID = 1;

        OutOfReach(String message, Throwable cause) {
            super(ExitStatus.NO_SESSION, message, cause);
        }
    }

    SshSession(Wire.Login login, Surroundings surroundings) {
        this.login = login;
        this.surroundings = surroundings;
    }

    /**
     * Runs a command, or a login shell when it is empty, over this process's streams, and returns
     * its exit status; 255 when the connection broke first.
     *
     * @throws CommandFailed when there is no session to be had
     */
    int run(String command) {
        com.jcraft.jsch.Session session = null;
        try {
            session = connect();
            return command.isEmpty() ? shell(session) : exec(session, command);
        } catch (JSchException | IOException e) {
            throw new CommandFailed(
                    ExitStatus.NO_SESSION,
                    "no SSH session with "
                            + login.host()
                            + ":"
                            + login.port()
                            + ": "
                            + e.getMessage(),
                    e);
        } finally {
            if (session != null) {
                session.disconnect();
            }
        }
    }

    private com.jcraft.jsch.Session connect() throws JSchException {
        var key = login.hostKey().strip().split("\\s+", 3);
        if (key.length < 2) {
            throw new CommandFailed(
                    ExitStatus.NO_SESSION,
                    "the bridge does not know this container's host key: launch it anew");
        }
        var jsch = new JSch();
        // known_hosts has the usual port without brackets
        var host =
                login.port() == USUAL_PORT
                        ? login.host()
                        : "[" + login.host() + "]:" + login.port();
        var known = host + " " + key[0] + " " + key[1] + "\n";
        jsch.setKnownHosts(new ByteArrayInputStream(known.getBytes(StandardCharsets.UTF_8)));
        var session = jsch.getSession(login.user(), login.host(), login.port());
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("server_host_key", key[0]);
        session.setConfig("PreferredAuthentications", "password");
        session.setPassword(login.password().getBytes(StandardCharsets.UTF_8));
        session.setDaemonThread(true);
        session.setServerAliveInterval((int) ALIVE_EVERY.toMillis());
        session.setSocketFactory(new Connected(reach()));
        session.connect((int) CONNECT_WITHIN.toMillis());
        return session;
    }

    /**
     * Connects by itself, since jsch does not tell a container that nothing leads to from one whose
     * SSH server is at fault.
     */
    private Socket reach() {
        var socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(login.host(), login.port()),
                    (int) CONNECT_WITHIN.toMillis());
            return socket;
        } catch (ConnectException e) {
            throw new CommandFailed(
                    ExitStatus.NO_SESSION,
                    unreached(
                            "nothing listens there, its SSH server has ended: launch the container"
                                    + " anew"),
                    e);
        } catch (SocketTimeoutException e) {
            throw new OutOfReach(
                    unreached("no answer within " + CONNECT_WITHIN.toSeconds() + " s" + NO_WAY), e);
        } catch (IOException e) {
            throw new OutOfReach(unreached("no way leads there from here" + NO_WAY), e);
        }
    }

    private String unreached(String why) {
        return "no SSH session with " + login.host() + ":" + login.port() + ": " + why;
    }

    private int exec(com.jcraft.jsch.Session session, String command)
            throws JSchException, IOException {
        var channel = (ChannelExec) session.openChannel("exec");
        channel.setCommand(command.getBytes(StandardCharsets.UTF_8));
        channel.setErrStream(surroundings.err(), true);
        return carry(channel);
    }

    private int shell(com.jcraft.jsch.Session session) throws JSchException, IOException {
        var channel = (ChannelShell) session.openChannel("shell");
        if (!surroundings.terminal() || !surroundings.keyboard()) {
            channel.setPty(false);
            return carry(channel);
        }
        channel.setPtyType(surroundings.variable("TERM").orElse("xterm"));
        resize(channel);
        var terminal = RawTerminal.take(() -> resize(channel));
        try {
            return carry(channel);
        } finally {
            terminal.close();
        }
    }

    private static void resize(ChannelShell channel) {
        RawTerminal.size().ifPresent(size -> channel.setPtySize(size.columns(), size.rows(), 0, 0));
    }

    /** Lets the bytes flow until the far side closes. */
    private int carry(Channel channel) throws JSchException, IOException {
        var in = new UntilClosed(surroundings.in());
        channel.setInputStream(in);
        channel.setOutputStream(surroundings.out(), true);
        channel.connect((int) CONNECT_WITHIN.toMillis());
        try {
            in.closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        surroundings.out().flush();
        surroundings.err().flush();
        int status = channel.getExitStatus();
        if (status == UNKNOWN) {
            surroundings.err().println("bridge: the connection was closed by the container");
            return ExitStatus.NO_SESSION.code();
        }
        return status;
    }

    /** jsch closes its input exactly when the channel is over, the exit status being known then. */
    private static final class UntilClosed extends FilterInputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        UntilClosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            closed.countDown(); // what it reads from stays open: it belongs to the process
        }
    }

    /** Gives jsch the connection that there is already. */
    private record Connected(Socket socket) implements SocketFactory {
        @Override
        public Socket createSocket(String host, int port) {
            return socket;
        }

        @Override
        public InputStream getInputStream(Socket connected) throws IOException {
            return connected.getInputStream();
        }

        @Override
        public OutputStream getOutputStream(Socket connected) throws IOException {
            return connected.getOutputStream();
        }
    }
}
