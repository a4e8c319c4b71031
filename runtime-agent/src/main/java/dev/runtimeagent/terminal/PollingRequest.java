package dev.runtimeagent.terminal;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * A request of the polling transport whose body has been read within bounds. engine.io-server
 * itself believes any Content-Length, and fails on a body that comes in more than one piece.
 */
final class PollingRequest extends HttpServletRequestWrapper {
    private final byte[] body;

    private PollingRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /**
     * Reads the body.
     *
     * @throws TooLarge when it is longer than {@code limitBytes}
     */
    static PollingRequest read(HttpServletRequest request, int limitBytes)
            throws IOException, TooLarge {
        if (request.getContentLengthLong() > limitBytes) {
            throw new TooLarge();
        }
        var body = request.getInputStream().readNBytes(limitBytes + 1);
        if (body.length > limitBytes) {
            throw new TooLarge();
        }
        return new PollingRequest(request, body);
    }

    @Override
    public int getContentLength() {
        return body.length;
    }

    @Override
    public ServletInputStream getInputStream() {
        var bytes = new ByteArrayInputStream(body);
        return new ServletInputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return bytes.read(into, offset, length);
            }

            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new IllegalStateException("this body has been read");
            }
        };
    }

    /** The body is longer than its sender may send. */
    static final class TooLarge extends Exception {}
}
