package dev.runtimeagent.terminal;

import dev.runtimeagent.bridge.Authorization;
import dev.runtimeagent.bridge.Bridge;

import io.socket.engineio.server.EngineIoSocket;
import io.socket.engineio.server.parser.Packet;
import io.socket.socketio.server.SocketIoSocket;

import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** One client: who it is, which shell it has, and its events. */
final class TerminalSocket implements Shell.Viewer, Outlet.Sink {
    /** Over polling nobody can be held back; so much is an accident. */
    private static final long FLOODED_BYTES = 16L * 1024 * 1024;

    /**
     * What Socket.IO says before each piece of output, encoded once: {@code 51-} is an event with
     * one attachment, which has to be the very next message.
     */
    private static final Packet<String> RELAY = announcement("SSH_RELAY");

    private final SocketIoSocket socket;
    private final EngineIoSocket connection;
    private final ReentrantLock sending = new ReentrantLock();
    private final Bridge bridge;
    private final Shells shells;
    private final TerminalLimits limits;
    private final Outlet outlet;
    private final Errands errands = new Errands();
    private volatile boolean owner;
    private volatile boolean gone;
    private volatile @Nullable WebSocketLink link;
    private volatile @Nullable Shell shell;
    private volatile TerminalSize size = TerminalSize.USUAL;

    TerminalSocket(SocketIoSocket socket, Bridge bridge, Shells shells, TerminalLimits limits) {
        this.socket = socket;
        this.connection = socket.getClient().getConnection();
        this.bridge = bridge;
        this.shells = shells;
        this.limits = limits;
        this.outlet = new Outlet(this, limits.windowBytes());
        socket.registerAllEventListener(this::receive);
        socket.on("disconnect", args -> errands.last(this::leave));
    }

    void greet() {
        tell("MESSAGE", "connected");
    }

    boolean isAuthenticated() {
        return owner;
    }

    /** The client's WebSocket, from the beginning or after polling. */
    void over(WebSocketLink next) {
        link = next;
        next.report(outlet::arrived, outlet::written);
        if (owner) {
            next.allowMessagesOf(limits.messageBytes());
        }
        Thread.ofVirtual().start(outlet::probeAgain);
    }

    /** Over polling: what was sent so far has been handed to a waiting request. */
    void polled() {
        if (link == null) {
            Thread.ofVirtual().start(() -> outlet.arrived(outlet.sentBytes()));
        }
    }

    private void receive(String event, Object... args) {
        var data = args.length == 0 ? null : args[0];
        if (event.equals("SSH") && errands.isIdle()) {
            type(data);
        } else if (!errands.add(() -> handle(event, data))) {
            Thread.ofVirtual().start(this::overwhelmed);
        }
    }

    private void handle(String event, @Nullable Object data) {
        switch (event) {
            case "AUTHENTICATE" -> authenticate(data);
            case "SSH_CONNECT" -> connect();
            case "SSH" -> type(data);
            case "SSH_RESIZE" -> resize(data);
            default -> error(ErrorType.UNKNOWN, "there is no event " + event);
        }
    }

    private void overwhelmed() {
        error(ErrorType.COMMON, "too many events at once");
        socket.disconnect(true);
    }

    private void authenticate(@Nullable Object data) {
        var token = data instanceof JSONObject fields ? fields.optString("token", "") : "";
        if (token.isEmpty()) {
            error(ErrorType.MISSING_FIELD, "AUTHENTICATE needs {\"token\": \"...\"}");
            return;
        }
        switch (bridge.authorize(token)) {
            case Authorization.Owner _ -> {
                owner = true;
                var current = link;
                if (current != null) {
                    current.allowMessagesOf(limits.messageBytes());
                }
                tell("AUTHENTICATE", "AUTHENTICATE");
            }
            case Authorization.Stranger _ ->
                    error(ErrorType.AUTH, "this container belongs to another user");
            case Authorization.Refused(var why) -> error(ErrorType.AUTH, why);
            case Authorization.Unavailable(var why) ->
                    error(bridge.keyAccepted() ? ErrorType.COMMON : ErrorType.INIT_NEEDED, why);
        }
    }

    private void connect() {
        if (!mayGoOn() || shell != null || gone) {
            return;
        }
        switch (shells.take(size)) {
            case Shells.Outcome.Refused(var type, var why) -> error(type, why);
            case Shells.Outcome.Taken(var taken) -> {
                shell = taken;
                taken.keyboard().relief(this::release);
                try {
                    taken.attach(this);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                taken.resize(size);
            }
        }
    }

    /** Maybe by the thread that brings the keys, which must not send anything. */
    private void type(@Nullable Object data) {
        var current = shell;
        if (!owner || current == null || !(data instanceof String keys)) {
            errands.add(() -> refuseToType(data));
            return;
        }
        var bytes = keys.getBytes(StandardCharsets.UTF_8);
        var over = link;
        var mayWait = over != null && over.isBringing();
        if (mayWait) {
            outlet.clientHeld(true);
        }
        var waiting = current.keyboard().type(bytes, mayWait);
        if (over != null && mayWait && waiting > Keyboard.CROWDED_BYTES) {
            over.hold();
            if (!current.keyboard().isCrowded()) {
                release(); // it was relieved before we held
            }
        } else if (waiting > FLOODED_BYTES) {
            Thread.ofVirtual().start(this::flooded);
        } else if (mayWait) {
            outlet.clientHeld(false);
        }
    }

    private void refuseToType(@Nullable Object data) {
        if (!mayGoOn()) {
            return;
        }
        if (!(data instanceof String)) {
            error(ErrorType.COMMON, "SSH needs a string");
        } else if (shell == null) {
            error(ErrorType.SSH, "there is no shell; send SSH_CONNECT first");
        } else {
            type(data); // it has come meanwhile
        }
    }

    private void flooded() {
        error(ErrorType.SSH, "the shell does not take so much input");
        socket.disconnect(true);
    }

    private void release() {
        outlet.clientHeld(false);
        var held = link;
        if (held != null) {
            held.release();
        }
    }

    private void resize(@Nullable Object data) {
        if (!mayGoOn()) {
            return;
        }
        if (!(data instanceof JSONObject fields) || !fields.has("cols") || !fields.has("rows")) {
            error(ErrorType.MISSING_FIELD, "SSH_RESIZE needs {\"cols\": 80, \"rows\": 24}");
            return;
        }
        try {
            size = new TerminalSize(fields.optInt("cols", 0), fields.optInt("rows", 0));
        } catch (IllegalArgumentException e) {
            error(ErrorType.COMMON, String.valueOf(e.getMessage()));
            return;
        }
        var current = shell;
        if (current != null) {
            current.resize(size);
        }
    }

    private boolean mayGoOn() {
        if (!owner) {
            error(ErrorType.AUTH, "send AUTHENTICATE with a token first");
        }
        return owner;
    }

    private void leave() {
        gone = true;
        outlet.close();
        var left = shell;
        if (left != null) {
            shell = null;
            shells.leave(left);
        }
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public void shellEnded() {
        shell = null;
        tell("SSH_DOWN", typed("ssh closed", "the shell has ended"));
    }

    private void error(ErrorType type, String message) {
        tell("ERROR", typed(type.wire(), message));
    }

    /** Never between a piece of output and what announces it. */
    private void tell(String event, Object data) {
        sending.lock();
        try {
            socket.send(event, data);
        } finally {
            sending.unlock();
        }
    }

    private static Packet<String> announcement(String event) {
        var attachment = new JSONObject().put("_placeholder", true).put("num", 0);
        return new Packet<>(Packet.MESSAGE, "51-" + new JSONArray().put(event).put(attachment));
    }

    private static JSONObject typed(String type, String message) {
        return new JSONObject().put("type", type).put("message", message);
    }

    @Override
    public void send(byte[] message) {
        sending.lock();
        try {
            connection.send(RELAY);
            connection.send(new Packet<>(Packet.MESSAGE, message));
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void probe(long sentBytes) {
        var current = link;
        if (current != null) {
            current.probe(sentBytes);
        }
    }

    @Override
    public boolean unwrittenBelow(int bytes) {
        var current = link;
        return current != null && current.unwrittenBytes() < bytes;
    }
}
