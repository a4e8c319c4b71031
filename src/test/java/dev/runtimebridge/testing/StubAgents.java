package dev.runtimebridge.testing;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Backs a {@link FakeProvider} with one {@link StubAgent} per container, each at 127.97.x.y. */
public final class StubAgents implements FakeProvider.Agents, AutoCloseable {
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<ContainerRef, StubAgent> open = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile StubAgent.Behaviour first = StubAgent.Behaviour.WELL;

    /** How agents behave that come up from now on. */
    public void comeUp(StubAgent.Behaviour behaviour) {
        first = behaviour;
    }

    @Override
    public Address open(ContainerRef ref) {
        var number = next.incrementAndGet();
        var agent = new StubAgent(ref, "127.97." + (number >> 8) + "." + (number & 255), requests);
        agent.behave(first);
        open.put(ref, agent);
        return agent.address();
    }

    @Override
    public void close(ContainerRef ref) {
        var agent = open.remove(ref);
        if (agent != null) {
            agent.close();
        }
    }

    /** The agent of a container that was seen reachable and has not ended. */
    public StubAgent of(ContainerRef ref) {
        var agent = open.get(ref);
        if (agent == null) {
            throw new IllegalArgumentException("no agent for " + ref);
        }
        return agent;
    }

    @Override
    public void close() {
        open.keySet().forEach(this::close);
        requests.close();
    }
}
