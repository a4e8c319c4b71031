package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.script.Script;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.util.Map;

/** The HTTP server of an emulated region: one address for all services, as an endpoint override. */
public final class Front implements AutoCloseable {
    private final JsonFront json;
    private final QueryFront query;
    private final MetadataPages metadata;
    private final AdminPages admin;
    private final Calls calls;
    private final Javalin server;
    private final Javalin metadataServer;

    /** Nothing listens yet. */
    public Front(EmulatedClock clock, Script script, Region region) {
        this.calls = new Calls(clock);
        var permissions = new Permissions(script::scenario);
        var gate = new Gate(clock, script, permissions, calls);
        var ecs = new EcsActions(region, permissions, calls);
        this.json =
                new JsonFront(
                        gate,
                        Map.of(
                                "AmazonEC2ContainerServiceV20141113",
                                ecs,
                                "AmazonSQS",
                                new SqsActions(region, ecs.tasks())));
        this.query =
                new QueryFront(
                        gate,
                        Map.of(
                                "2016-11-15",
                                new Ec2Actions(region),
                                "2011-06-15",
                                new IdentityActions.Sts(region, permissions),
                                "2010-05-08",
                                new IdentityActions.Iam(region, permissions)));
        this.metadata = new MetadataPages(region);
        this.admin = new AdminPages(clock, script, region, calls);
        this.server = Javalin.create(this::configure);
        this.metadataServer =
                Javalin.create(
                        config -> {
                            configureServer(config);
                            metadata.install(config.routes);
                        });
    }

    /**
     * Listens on loopback.
     *
     * @param port 0 for any
     * @throws UncheckedIOException of a {@link BindException} when the port is in use
     */
    public URI listen(int port) {
        try {
            server.start(TaskRunner.LOOPBACK, port);
        } catch (JavalinBindException e) {
            var inUse = new BindException("something else listens on port " + port);
            inUse.initCause(e);
            throw new UncheckedIOException(inUse);
        }
        return url(TaskRunner.LOOPBACK, server);
    }

    /**
     * Listens for containers elsewhere, which get their metadata there and nothing else.
     *
     * @param host an address of this machine
     * @throws IllegalStateException when it is none
     */
    public URI listenForMetadata(String host) {
        try {
            metadataServer.start(host, 0);
        } catch (JavalinBindException e) {
            throw new IllegalStateException(
                    "containers would look for their metadata at "
                            + host
                            + ", which is no address of this machine: their engine has to run here",
                    e);
        }
        return url(host, metadataServer);
    }

    private static URI url(String host, Javalin server) {
        return URI.create("http://" + host + ":" + server.port());
    }

    public Calls calls() {
        return calls;
    }

    @Override
    public void close() {
        server.stop();
        metadataServer.stop();
    }

    private void configure(JavalinConfig config) {
        configureServer(config);
        config.routes.post("/", this::call);
        metadata.install(config.routes);
        admin.install(config.routes);
    }

    private static void configureServer(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
    }

    private void call(Context ctx) {
        var target = Headers.text(ctx, JsonFront.TARGET);
        if (target.isEmpty()) {
            query.handle(ctx);
        } else {
            json.handle(ctx, target);
        }
    }
}
