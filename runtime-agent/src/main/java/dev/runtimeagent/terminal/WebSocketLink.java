package dev.runtimeagent.terminal;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.EngineIoWebSocket;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * One WebSocket between Jetty and engine.io. Takes one message after another, so that it can hold
 * the client back, and tells what engine.io does not: when a write is complete, and, by pings with
 * a number, how much the client has.
 */
public final class WebSocketLink extends EngineIoWebSocket implements Session.Listener {
    /** Where engine.io's record of a connection names the link: it hides the object itself. */
    static final String NUMBER = "dev.runtimeagent.link";

    private static final String PING = "2";
    private static final String PONG = "3";

    /** How the text begins that tells of one message of bytes: engine.io's 4, Socket.IO's 51-. */
    private static final String ANNOUNCEMENT = "451-";

    private final EngineIoServer engine;
    private final Executor later;
    private final Map<String, String> query;
    private final Map<String, List<String>> headers;
    private final AtomicLong unwritten = new AtomicLong();
    private volatile @Nullable Session session;
    private volatile @Nullable Thread bringing;
    private volatile LongConsumer whenArrived = bytes -> {};
    private volatile Runnable whenWritten = () -> {};
    private boolean held;
    private boolean demandOwed;

    WebSocketLink(
            EngineIoServer engine,
            Executor later,
            Map<String, String> query,
            Map<String, List<String>> headers,
            String number) {
        this.engine = engine;
        this.later = later;
        this.query = new HashMap<>(query);
        this.query.put(NUMBER, number);
        this.headers = headers;
    }

    /** Whom to tell what has arrived at the client, and that a write is complete. */
    void report(LongConsumer arrived, Runnable written) {
        whenArrived = arrived;
        whenWritten = written;
    }

    /**
     * Whether this thread brings a message of the WebSocket just now. Then it may wait; a thread
     * that brings one by polling holds a lock of engine.io, for which everybody waits who sends.
     */
    boolean isBringing() {
        return Thread.currentThread().equals(bringing);
    }

    /** Bytes that Jetty has not written yet. */
    long unwrittenBytes() {
        return unwritten.get();
    }

    /** Asks the client to answer with {@code number}, behind everything sent so far. */
    void probe(long number) {
        var payload = ByteBuffer.allocate(Long.BYTES).putLong(0, number);
        open().sendPing(payload, Callback.NOOP);
    }

    void allowMessagesOf(int bytes) {
        open().setMaxTextMessageSize(bytes);
    }

    /** Takes no further message. */
    synchronized void hold() {
        held = true;
    }

    /** Takes messages again. */
    void release() {
        boolean demand;
        synchronized (this) {
            held = false;
            demand = demandOwed;
            demandOwed = false;
        }
        if (demand) {
            open().demand();
        }
    }

    private void demand() {
        synchronized (this) {
            if (held) {
                demandOwed = true;
                return;
            }
        }
        open().demand();
    }

    private Session open() {
        return Objects.requireNonNull(session, "the socket is not open yet");
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        opened.setIdleTimeout(Duration.ZERO); // engine.io pings, and knows a dead client by it
        opened.setMaxTextMessageSize(TerminalLimits.STRANGERS_MESSAGE_BYTES);
        opened.setMaxBinaryMessageSize(TerminalLimits.STRANGERS_MESSAGE_BYTES);
        engine.handleWebSocket(this);
        opened.demand();
    }

    @Override
    public void onWebSocketText(String message) {
        bringing = Thread.currentThread();
        try {
            emit("message", message);
        } finally {
            bringing = null; // the thread is lent to others, who may come by polling
        }
        demand();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer message, Callback callback) {
        var bytes = new byte[message.remaining()];
        message.get(bytes);
        callback.succeed();
        emit("message", (Object) bytes);
        demand();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        if (payload.remaining() == Long.BYTES) {
            whenArrived.accept(payload.getLong(payload.position()));
        }
        demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        emit("error", "websocket error", String.valueOf(cause.getMessage()));
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        emit("close");
        callback.succeed();
    }

    @Override
    public Map<String, String> getQuery() {
        return query;
    }

    @Override
    public Map<String, List<String>> getConnectionHeaders() {
        return headers;
    }

    @Override
    public void write(String message) {
        if (message.startsWith(ANNOUNCEMENT)) {
            announce(message);
            return;
        }
        open().sendText(message, Callback.NOOP);
        if (message.equals(PING)) {
            answerForAHeldClient();
        }
    }

    /** Waits for the bytes that follow at once, so that both go, and arrive, together. */
    private void announce(String message) {
        ((WebSocketSession) open())
                .getCoreSession()
                .sendFrame(
                        new Frame(OpCode.TEXT, message),
                        org.eclipse.jetty.util.Callback.NOOP,
                        true);
    }

    /** Its answer lies behind the messages that we do not take: it is not its fault. */
    private synchronized void answerForAHeldClient() {
        if (held) {
            later.execute(() -> emit("message", PONG));
        }
    }

    @Override
    public void write(byte[] message) {
        unwritten.addAndGet(message.length);
        open().sendBinary(
                        ByteBuffer.wrap(message),
                        Callback.from(
                                () -> written(message.length), cause -> written(message.length)));
    }

    private void written(int bytes) {
        unwritten.addAndGet(-bytes);
        whenWritten.run();
    }

    @Override
    public void close() {
        open().close();
    }
}
