package dev.runtimebridge.bench;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgent;
import dev.runtimebridge.testing.TestGateway;

import io.javalin.Javalin;
import io.javalin.http.Context;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server that stands in for the agents of any number of containers, each at an address of its
 * own: 127.98.x.y. Its WebSockets, at {@code /socket}, send back what they are sent.
 */
final class SocketAgents implements FakeProvider.Agents, AutoCloseable {
    private static final int PER_OCTET = 250;

    private final Map<String, ContainerRef> byIp = new ConcurrentHashMap<>();
    private final Map<ContainerRef, String> ips = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final int port = TestGateway.freePort();
    private final Javalin server =
            Javalin.create(
                    config -> {
                        config.startup.showJavalinBanner = false;
                        config.concurrency.useVirtualThreads = true;
                        config.jetty.modifyWebSocketServletFactory(
                                factory -> factory.setIdleTimeout(Duration.ZERO));
                        config.routes.get("/ping", this::ping);
                        config.routes.post("/init", SocketAgents::init);
                        config.routes.ws(
                                "/socket", socket -> socket.onMessage(it -> it.send(it.message())));
                    });

    SocketAgents() throws IOException {
        server.start("0.0.0.0", port);
    }

    /** The same of all of them. */
    int port() {
        return port;
    }

    @Override
    public Address open(ContainerRef ref) {
        int number = next.getAndIncrement();
        var ip = "127.98." + number / PER_OCTET + "." + (number % PER_OCTET + 1);
        byIp.put(ip, ref);
        ips.put(ref, ip);
        return new Address(ip, port);
    }

    @Override
    public void close(ContainerRef ref) {
        var ip = ips.remove(ref);
        if (ip != null) {
            byIp.remove(ip);
        }
    }

    private void ping(Context ctx) {
        var container = byIp.get(ctx.req().getLocalAddr());
        ctx.json(
                Map.of(
                        "ping",
                        "pong",
                        "init",
                        false,
                        "key_status",
                        false,
                        "container",
                        String.valueOf(container)));
    }

    private static void init(Context ctx) {
        ctx.json(
                Map.of(
                        "username",
                        StubAgent.USER,
                        "auth_type",
                        "password",
                        "auth",
                        "a password",
                        "ssh_port",
                        2222,
                        "host_key",
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA"));
    }

    @Override
    public void close() {
        server.stop();
    }
}
