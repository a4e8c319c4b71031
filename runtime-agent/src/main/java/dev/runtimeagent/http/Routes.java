package dev.runtimeagent.http;

import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.init.BridgeProof;
import dev.runtimeagent.init.Initialisation;
import dev.runtimeagent.run.ProjectSource;
import dev.runtimeagent.run.Workspace;
import dev.runtimeagent.ssh.SshServer;

import java.util.List;

/**
 * Every route of the agent but the terminal's: served by {@link AgentHttp}, documented in {@code
 * openapi/agent.yaml}.
 */
public final class Routes {
    /**
     * One route.
     *
     * @param operationId name of the annotated method of {@code handlers} that {@code action} calls
     */
    public record Route(
            String method, String path, String operationId, Class<?> handlers, Action action) {}

    /** What a route does. */
    @FunctionalInterface
    interface Action {
        /** What to answer with status 200; other answers are {@link ProblemException}s. */
        Wire answer(Exchange exchange);
    }

    private final List<Route> all;

    /** The routes over what they need. */
    public Routes(
            AgentSettings settings,
            BridgeProof proof,
            Initialisation initialisation,
            SshServer ssh,
            Bridge bridge,
            ProjectSource source) {
        var ping = new PingHandler(settings.container(), initialisation::done, bridge::keyAccepted);
        var init = new InitHandler(proof, initialisation, ssh);
        var run =
                new RunHandler(
                        settings.sourceUrl(), bridge, source, new Workspace(settings.workspace()));
        this.all =
                List.of(
                        new Route("GET", "/ping", "ping", PingHandler.class, ping::ping),
                        new Route("POST", "/init", "init", InitHandler.class, init::init),
                        new Route("POST", "/run/start", "start", RunHandler.class, run::start));
    }

    /** Any routes. */
    public Routes(List<Route> all) {
        this.all = List.copyOf(all);
    }

    /** In the order of the document. */
    public List<Route> all() {
        return all;
    }
}
