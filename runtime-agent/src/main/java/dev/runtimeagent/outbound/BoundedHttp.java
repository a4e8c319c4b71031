package dev.runtimeagent.outbound;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An HTTP client for answers that may be late, endless or elsewhere: the whole exchange has a
 * deadline (a request's own timeout ends with the headers), the body a limit, and redirects are not
 * followed.
 */
public final class BoundedHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final InetAddress local;
    private final boolean tls;
    private final ReentrantLock preparing = new ReentrantLock();
    private volatile @Nullable HttpClient client;

    /**
     * A client that is made when it is first needed.
     *
     * @param local where its connections come from, so that the other side sees the container's own
     *     address; the wildcard leaves that to the system
     * @param scheme {@code http} or {@code https}; without TLS the system's certificates, slow to
     *     read, are left alone
     */
    public BoundedHttp(InetAddress local, String scheme) {
        this.local = local;
        this.tls = scheme.equals("https");
    }

    private HttpClient prepared() {
        preparing.lock();
        try {
            var made = client;
            if (made == null) {
                made = make();
                client = made;
            }
            return made;
        } finally {
            preparing.unlock();
        }
    }

    private HttpClient make() {
        var builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .executor(Executors.newVirtualThreadPerTaskExecutor());
        if (!tls) {
            builder.sslContext(new NoTls());
        }
        if (!local.isAnyLocalAddress()) {
            builder.localAddress(local);
        }
        return builder.build();
    }

    /**
     * Sends and waits for the whole answer.
     *
     * @param patience from here to the last byte of the answer
     * @param limit of the answer's body, in bytes
     * @throws IOException when there is no whole answer within both; the message is one line and
     *     names no secret
     */
    public HttpResponse<byte[]> send(HttpRequest request, Duration patience, long limit)
            throws IOException {
        var exchange =
                prepared()
                        .sendAsync(
                                request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limit));
        try {
            return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            var message =
                    cause.getMessage() == null
                            ? cause.getClass().getSimpleName()
                            : cause.getMessage();
            throw new IOException(message, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", e);
        } finally {
            exchange.cancel(true);
        }
    }

    /** Ends the calls that are under way. */
    @Override
    public void close() {
        var made = client;
        if (made != null) {
            made.shutdownNow();
        }
    }
}
