package dev.runtimebridge.emulator.stub;

import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.region.TaskRunner;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Stub agents for thousands of tasks: one HTTP server that listens on many addresses, each from the
 * moment its agent is up to its end. Costs a socket and a few hundred bytes per task, and no
 * thread.
 */
public final class StubAgents implements TaskRunner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StubAgents.class);
    private static final String BRIDGE_URL = "AGENT_BRIDGE_URL";

    private final EmulatedClock clock;
    private final Addresses addresses;
    private final Server server;
    private final ServerConnector connector;
    private final Map<String, Agent> agents = new ConcurrentHashMap<>();
    private final Map<String, Agent> byIp = new ConcurrentHashMap<>();
    private volatile Optional<URI> bridge = Optional.empty();
    private volatile Consumer<String> watcher = _ -> {};

    /**
     * Starts the server.
     *
     * @param port that agents have, each on its own address
     */
    public StubAgents(EmulatedClock clock, int port) {
        this.clock = clock;
        this.addresses = new Addresses(port);
        var threads = new QueuedThreadPool(8, 2);
        threads.setName("stub-agents");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        this.server = new Server(threads);
        this.connector = new ServerConnector(server, 0, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(
                new AgentHandler(
                        ip -> Optional.ofNullable(byIp.get(ip)), arn -> watcher.accept(arn)));
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the stub agents' server did not start", e);
        }
    }

    /** Where agents call home whose environment has no {@code AGENT_BRIDGE_URL}. */
    public void callHomeAt(URI url) {
        bridge = Optional.of(url);
    }

    /** Tells, by ARN, which agent has been initialised, before that one answers so. */
    public void watchInits(Consumer<String> next) {
        watcher = next;
    }

    @Override
    public Place reserve(String taskId, boolean publicIp) {
        var held = addresses.take();
        var place = new Place("127.65." + held.host(), publicIp ? "127.66." + held.host() : "");
        var agent = new Agent(place);
        agent.hold(held.holder());
        agents.put(taskId, agent);
        return place;
    }

    @Override
    public void start(Container container, Watcher watcher) {
        var agent = agents.get(container.id());
        if (agent == null) {
            throw new IllegalStateException("its address was given back");
        }
        agent.start(container, watcher);
        container
                .answersAt()
                .ifPresent(when -> clock.at(when, () -> clock.beside(() -> up(agent, when))));
    }

    @Override
    public void terminate(String taskId) {
        Optional.ofNullable(agents.get(taskId))
                .flatMap(Agent::started)
                .ifPresent(
                        it ->
                                clock.at(
                                        clock.instant().plus(it.container().endsAfter()),
                                        () -> {
                                            kill(taskId);
                                            it.watcher().exited(0, "");
                                        }));
    }

    @Override
    public void kill(String taskId) {
        var agent = agents.remove(taskId);
        if (agent != null) {
            agent.end();
            ips(agent).forEach(byIp::remove);
        }
    }

    /** How many agents there are, up or not. */
    public int size() {
        return agents.size();
    }

    @Override
    public void close() {
        List.copyOf(agents.keySet()).forEach(this::kill);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the stub agents' server did not stop: {}", e.toString());
        }
    }

    private void up(Agent agent, Instant when) {
        if (agent.over()) {
            return;
        }
        try {
            agent.letGo();
            for (var ip : ips(agent)) {
                byIp.put(ip, agent);
                var listens = addresses.listen(ip);
                agent.hold(listens);
                agent.hold(connector.getSelectorManager().acceptor(listens));
            }
        } catch (IOException e) {
            LOG.warn("the agent of {} cannot listen: {}", agent.arn(), e.getMessage());
            return;
        }
        if (agent.over()) {
            ips(agent).forEach(byIp::remove);
            return;
        }
        agent.started().ifPresent(it -> it.watcher().answers(when));
        bridge(agent).ifPresent(url -> callHome(agent, url));
    }

    private Optional<URI> bridge(Agent agent) {
        return agent.started()
                .map(it -> it.container().environment().get(BRIDGE_URL))
                .map(URI::create)
                .or(() -> bridge);
    }

    private static void callHome(Agent agent, URI url) {
        try {
            CallHome.call(url, agent.place().privateIp(), agent.arn());
        } catch (IOException e) {
            LOG.debug("{} could not call home: {}", agent.arn(), e.getMessage());
        }
    }

    private static List<String> ips(Agent agent) {
        var place = agent.place();
        return place.publicIp().isEmpty()
                ? List.of(place.privateIp())
                : List.of(place.privateIp(), place.publicIp());
    }
}
