package dev.runtimeagent.terminal;

import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.config.AllowedOrigins;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.EngineIoServerOptions;
import io.socket.engineio.server.EngineIoSocket;
import io.socket.engineio.server.Transport;
import io.socket.socketio.server.SocketIoServer;
import io.socket.socketio.server.SocketIoSocket;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The terminal at {@code /socket.io/}: Socket.IO protocol 5 over WebSocket and polling, relayed to
 * shells over SSH. A servlet of its own on the agent's HTTP port.
 */
public final class TerminalServer implements AutoCloseable {
    private static final String PATH = "/socket.io/*";

    /** Shorter than usual: until a dead socket is noticed its shell cannot be taken up again. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

    private final Bridge bridge;
    private final AllowedOrigins origins;
    private final TerminalLimits limits;
    private final ScheduledExecutorService timer;
    private final Shells shells;
    private final EngineIoServer engine;
    private final Map<String, WebSocketLink> links = new ConcurrentHashMap<>();
    private final Map<String, TerminalSocket> sockets = new ConcurrentHashMap<>();

    /**
     * @param ownHostKey the SSH server's public key as OpenSSH writes it, for bridges that do not
     *     name it
     */
    public TerminalServer(Bridge bridge, AllowedOrigins origins, Supplier<String> ownHostKey) {
        this(bridge, origins, ownHostKey, TerminalLimits.USUAL);
    }

    TerminalServer(
            Bridge bridge,
            AllowedOrigins origins,
            Supplier<String> ownHostKey,
            TerminalLimits limits) {
        this.bridge = bridge;
        this.origins = origins;
        this.limits = limits;
        this.timer = timer();
        this.shells = new Shells(bridge, ownHostKey, limits, timer);
        var options =
                EngineIoServerOptions.newFromDefault()
                        .setCorsHandlingDisabled(true)
                        .setPingInterval(PING_INTERVAL.toMillis())
                        .setPingTimeout(PING_TIMEOUT.toMillis());
        options.setScheduledExecutorService(timer);
        this.engine = new EngineIoServer(options);
        engine.on("connection", args -> connected((EngineIoSocket) args[0]));
        new SocketIoServer(engine)
                .namespace("/")
                .on("connection", args -> greet((SocketIoSocket) args[0]));
    }

    private static ScheduledExecutorService timer() {
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("terminal-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Adds the servlet; to be called before the server starts. */
    public void install(ServletContextHandler context) {
        JettyWebSocketServletContainerInitializer.configure(context, null);
        var holder =
                new ServletHolder(
                        new TerminalServlet(engine, origins, this::bodyLimit, this::open));
        holder.setAsyncSupported(true);
        context.addServlet(holder, PATH);
    }

    private int bodyLimit(String session) {
        var socket = sockets.get(session);
        return socket != null && socket.isAuthenticated()
                ? limits.messageBytes()
                : TerminalLimits.STRANGERS_MESSAGE_BYTES;
    }

    private WebSocketLink open(Map<String, String> query, Map<String, List<String>> headers) {
        var number = UUID.randomUUID().toString();
        var link = new WebSocketLink(engine, timer, query, headers, number);
        links.put(number, link);
        link.once("close", args -> links.remove(number));
        return link;
    }

    /** Before Socket.IO's own handshake: counts for clients that never say a word, too. */
    private void connected(EngineIoSocket connection) {
        var session = connection.getId();
        var deadline =
                timer.schedule(
                        () -> {
                            var socket = sockets.get(session);
                            if (socket == null || !socket.isAuthenticated()) {
                                connection.close();
                            }
                        },
                        limits.authenticationTime().toMillis(),
                        TimeUnit.MILLISECONDS);
        connection.once(
                "close",
                args -> {
                    deadline.cancel(false);
                    sockets.remove(session);
                });
    }

    private void greet(SocketIoSocket socket) {
        var connection = socket.getClient().getConnection();
        var terminal = new TerminalSocket(socket, bridge, shells, limits);
        if (sockets.putIfAbsent(connection.getId(), terminal) != null) {
            socket.disconnect(true); // one terminal a connection
            return;
        }
        follow(terminal, connection.getInitialQuery());
        connection.on("upgrade", args -> follow(terminal, ((Transport) args[0]).getInitialQuery()));
        connection.on("drain", args -> terminal.polled());
        terminal.greet();
    }

    private void follow(TerminalSocket terminal, Map<String, String> query) {
        var link = links.get(query.getOrDefault(WebSocketLink.NUMBER, ""));
        if (link != null) {
            terminal.over(link);
        }
    }

    /** Ends all shells and sockets; a second call does nothing. */
    @Override
    public void close() {
        shells.close();
        links.values().forEach(WebSocketLink::close);
        timer.shutdownNow();
        engine.shutdown();
    }
}
