package dev.runtimebridge.bench;

import io.javalin.Javalin;

/**
 * What stands beside a launch: a Javalin of the same version, on virtual threads too, with one
 * route that answers a fixed text as long as a launch's answer and does nothing else.
 */
final class BareRoute {
    private static final String ANSWER = "{\"url\":\"" + "x".repeat(178) + "\"}";

    private BareRoute() {}

    /** Prints {@code ready PORT} and runs until SIGTERM. */
    public static void main(String[] arguments) {
        var server =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.concurrency.useVirtualThreads = true;
                            config.routes.post(
                                    "/api/containers/launch",
                                    ctx -> ctx.contentType("application/json").result(ANSWER));
                        });
        server.start("127.0.0.1", 0);
        System.out.println("ready " + server.port());
    }
}
