package dev.runtimeagent.forward;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks at how each connection begins, and gives it to the server that it is for. */
public final class ForwardConnections extends AbstractConnectionFactory {
    private static final int LONGEST_BEGINNING = 16 * 1024;
    private static final ByteBuffer REFUSED =
            BufferUtil.toBuffer(
                    "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    private final Forwarding forwarding;
    private final ConnectionFactory http;

    /**
     * @param http serves what is not forwarded
     */
    public ForwardConnections(Forwarding forwarding, ConnectionFactory http) {
        super("forward");
        this.forwarding = forwarding;
        this.http = http;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new Undecided(connector, endPoint), connector, endPoint);
    }

    private final class Undecided extends AbstractConnection implements Connection.UpgradeFrom {
        private final Connector connector;
        private final ByteBuffer read = BufferUtil.allocate(LONGEST_BEGINNING);

        Undecided(Connector connector, EndPoint endPoint) {
            super(endPoint, connector.getExecutor());
            this.connector = connector;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            try {
                while (true) {
                    int bytes = getEndPoint().fill(read);
                    if (bytes < 0) {
                        getEndPoint().close();
                        return;
                    }
                    if (decide()) {
                        return;
                    }
                    if (bytes == 0) {
                        fillInterested();
                        return;
                    }
                }
            } catch (IOException e) {
                getEndPoint().close(e);
            }
        }

        private boolean decide() {
            return switch (Beginning.of(read)) {
                case Beginning.Unclear() when BufferUtil.space(read) > 0 -> false;
                case Beginning.Unclear(), Beginning.Ordinary() -> {
                    getEndPoint().upgrade(http.newConnection(connector, getEndPoint()));
                    yield true;
                }
                case Beginning.Forwarded(var assertion, var bytes) -> {
                    Thread.ofVirtual().name("forward").start(() -> forward(assertion, bytes));
                    yield true;
                }
            };
        }

        private void forward(String assertion, ByteBuffer bytes) {
            var passage = forwarding.passageOf().apply(assertion);
            var tunnel = new PortTunnel(getEndPoint());
            if (passage.isEmpty()) {
                tunnel.refuse(REFUSED.slice());
                return;
            }
            int port = passage.get().port();
            Runnable run = () -> tunnel.run(forwarding.servers(), port, bytes);
            passage.get()
                    .share()
                    .ifPresentOrElse(
                            share -> forwarding.guests().carry(share, getEndPoint()::close, run),
                            run);
        }

        /** What the next connection is to begin with. */
        @Override
        public ByteBuffer onUpgradeFrom() {
            return read;
        }
    }
}
