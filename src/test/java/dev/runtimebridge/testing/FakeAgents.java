package dev.runtimebridge.testing;

import dev.runtimebridge.agent.AgentClient;
import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.agent.Credentials;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.Secret;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** Agents in memory: each answers unless it is silent, and keeps the first API key it was given. */
public final class FakeAgents implements AgentClient {
    private final Map<ContainerRef, Secret> keys = new HashMap<>();
    private final Set<ContainerRef> expected = new HashSet<>();
    private final Queue<AgentException> initFaults = new ArrayDeque<>();
    private String nextUser = "together";
    private boolean allSilent;
    private boolean loseNextInitReply;
    private int pings;

    @Override
    public synchronized void expect(ContainerRef ref) {
        expected.add(ref);
    }

    @Override
    public synchronized void ping(ContainerRef ref, Address address) {
        pings++;
        mustAnswer(address);
    }

    private void mustAnswer(Address address) {
        if (allSilent) {
            throw new AgentException("nobody answers at " + address, true);
        }
    }

    @Override
    public synchronized Credentials init(ContainerRef ref, Address address, Secret apiKey) {
        mustAnswer(address);
        var fault = initFaults.poll();
        if (fault != null) {
            throw fault;
        }
        if (!keys.computeIfAbsent(ref, first -> apiKey).equals(apiKey)) {
            throw new AgentException("the agent was initialised by somebody else", false);
        }
        if (loseNextInitReply) {
            loseNextInitReply = false;
            throw new AgentException("the reply was lost", true);
        }
        var user = nextUser;
        nextUser = "together";
        return new Credentials(
                user, "password", new Secret("password of " + ref), 2222, "ssh-ed25519 AAAA");
    }

    /** Whether agents answer. */
    public synchronized void silent(boolean silentNow) {
        allSilent = silentNow;
    }

    public synchronized void failNextInit(AgentException fault) {
        initFaults.add(fault);
    }

    public synchronized void loseNextInitReply() {
        loseNextInitReply = true;
    }

    /** The next init is answered with this login name. */
    public synchronized void answerNextInitWithUser(String user) {
        nextUser = user;
    }

    /** Somebody else got to this agent first. */
    public synchronized void stolen(ContainerRef ref) {
        keys.put(ref, new Secret("somebody else's key"));
    }

    public synchronized int pings() {
        return pings;
    }

    /** Which containers' calls were made ready for. */
    public synchronized Set<ContainerRef> expected() {
        return Set.copyOf(expected);
    }

    /** How many agents took a user in. */
    public synchronized int initialised() {
        return keys.size();
    }
}
