package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.AgentClient;
import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.agent.Credentials;
import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/** Makes the remote calls that passes ask for, each on its own, so that none waits for another. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Provider provider;
    private final AgentClient agents;
    private final ApiKeys keys;
    private final Sealer sealer;
    private final Calls calls;
    private final ConcurrentHashMap<ContainerId, FutureTask<Credentials>> begun =
            new ConcurrentHashMap<>();

    Dispatcher(Provider provider, AgentClient agents, ApiKeys keys, Sealer sealer, Calls calls) {
        this.provider = provider;
        this.agents = agents;
        this.keys = keys;
        this.sealer = sealer;
        this.calls = calls;
    }

    /** Starts the call; {@code replies} gets exactly one outcome. */
    void dispatch(Action action, BiConsumer<Action, Outcome> replies) {
        calls.of(action)
                .execute(
                        () -> {
                            Outcome outcome =
                                    again(
                                            Cause.Kind.INFRASTRUCTURE,
                                            "the call ended in an error of the JVM");
                            try {
                                outcome = perform(action);
                            } finally {
                                replies.accept(action, outcome);
                            }
                        });
    }

    private Outcome perform(Action action) {
        try {
            return switch (action) {
                case Action.Start(var batch) ->
                        new Outcome.BatchStarted(batch.key(), provider.start(batch));
                case Action.Observe observe -> observe(observe);
                case Action.Ping ping -> {
                    if (!(ping.calledHome() && initialises(ping))) {
                        ping(ping);
                    }
                    yield new Outcome.Answered(ping.container());
                }
                case Action.Init init -> init(init);
                case Action.Stop(var id, var ref, var why) -> {
                    begun.remove(id);
                    provider.stop(ref, why);
                    yield new Outcome.Ended(id);
                }
            };
        } catch (AgentException e) {
            var why = new Cause(Cause.Kind.AGENT, e.why());
            return e.repeatable() ? new Outcome.Again(why) : refused(action, why);
        } catch (ProviderException e) {
            return e.repeatable() ? new Outcome.Again(e.why()) : lastingly(action, e);
        } catch (RuntimeException e) {
            LOG.error(
                    "{} failed in a way that nobody foresaw; it is tried again", action.name(), e);
            return again(Cause.Kind.INFRASTRUCTURE, e.toString());
        }
    }

    private void ping(Action.Ping ping) {
        agents.ping(ping.ref(), ping.address());
        var init = beginInit(ping.container(), ping.ref(), ping.address());
        if (!provider.keepsFiles()) {
            init.run(); // whether it went well is whoever gets the container's concern
        }
    }

    /**
     * An agent that has said that it is up, from its own address, need not be asked: its
     * initialisation shows as much. Returns whether it did.
     */
    private boolean initialises(Action.Ping ping) {
        if (provider.keepsFiles()) {
            return false;
        }
        var init = beginInit(ping.container(), ping.ref(), ping.address());
        init.run();
        boolean well = init.state() == Future.State.SUCCESS;
        if (!well) {
            begun.remove(ping.container(), init);
        }
        return well;
    }

    /** Agents that are about to come up are made ready for while nobody waits for anything else. */
    private Outcome observe(Action.Observe action) {
        var seen = provider.observe(action.refs());
        if (action.name().equals(Action.Observe.STARTING)) {
            seen.forEach(
                    (ref, observation) -> {
                        if (observation instanceof Observation.Reachable) {
                            calls.others().execute(() -> agents.expect(ref));
                        }
                    });
        }
        return new Outcome.Observed(seen);
    }

    /**
     * An agent that has answered is initialised at once: the key is the container's, whoever gets
     * it. Where users keep files that is done while its answer is written down, elsewhere before.
     */
    private FutureTask<Credentials> beginInit(ContainerId id, ContainerRef ref, Address address) {
        return begun.computeIfAbsent(
                id,
                container -> {
                    var call =
                            new FutureTask<>(() -> agents.init(ref, address, keys.of(container)));
                    if (provider.keepsFiles()) {
                        calls.others().execute(call);
                    }
                    return call;
                });
    }

    /**
     * What an initialisation that has ended well came to, so that the container and its user can be
     * written down together. Empty where files have to be attached first, and where it has to be
     * made, waited for, or made again.
     */
    Optional<Outcome> initialised(Action.Init init) {
        var call = begun.get(init.container());
        if (provider.keepsFiles() || call == null || call.state() != Future.State.SUCCESS) {
            return Optional.empty();
        }
        begun.remove(init.container());
        return Optional.of(initialised(init, call.resultNow()));
    }

    /** The user's files and the agent's credentials come at the same time; both are waited for. */
    private Outcome init(Action.Init init) {
        var call = beginInit(init.container(), init.ref(), init.address());
        begun.remove(init.container());
        provider.attach(init.ref(), init.workspace());
        call.run(); // here and now, unless it is under way
        return initialised(init, result(call));
    }

    private Outcome initialised(Action.Init init, Credentials got) {
        var sealed = sealer.seal(init.container().value(), got.auth());
        return new Outcome.Initialised(
                init.allocation(),
                new Login(
                        init.container(),
                        got.user(),
                        got.authType(),
                        sealed,
                        got.port(),
                        got.hostKey()));
    }

    private static Credentials result(Future<Credentials> call) {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault
                    ? fault
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException("interrupted while an agent was initialised", true);
        }
    }

    /** Drops what was begun for passes that this bridge no longer makes. */
    void forget() {
        begun.clear();
    }

    private static Outcome lastingly(Action action, ProviderException e) {
        return action instanceof Action.Start(var batch)
                ? new Outcome.BatchRefused(batch.key(), e.why())
                : refused(action, e.why());
    }

    static Outcome refused(Action action, Cause why) {
        return action instanceof Action.Init init
                ? new Outcome.InitRefused(init.allocation(), init.container(), why.detail())
                : new Outcome.Again(why);
    }

    private static Outcome again(Cause.Kind kind, String why) {
        return new Outcome.Again(new Cause(kind, why));
    }
}
