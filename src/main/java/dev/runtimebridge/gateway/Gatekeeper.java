package dev.runtimebridge.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenVerifier;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.gateway.Decision.Allowed;
import dev.runtimebridge.gateway.Decision.Refusal;
import dev.runtimebridge.gateway.Decision.Refused;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.Assertions;
import dev.runtimebridge.secret.Assertions.Use;
import dev.runtimebridge.secret.Assertions.Visitor;
import dev.runtimebridge.secret.GatewayPass;
import dev.runtimebridge.secret.GatewayPasses;
import dev.runtimebridge.secret.Secret;

import java.util.Optional;

/** Decides, from memory, whether a request that came to the gateway may go on. */
public final class Gatekeeper {
    private static final int MOST_ASSERTIONS = 50_000;

    private final LiveContainers live;
    private final TokenVerifier tokens;
    private final GatewayPasses passes;
    private final Shares shares;
    private final Assertions assertions;

    /** A signature costs a thousand times what the rest of a decision does. */
    private final Cache<AssertionKey, Secret> signed;

    public Gatekeeper(
            LiveContainers live,
            TokenVerifier tokens,
            GatewayPasses passes,
            Shares shares,
            Assertions assertions) {
        this.live = live;
        this.tokens = tokens;
        this.passes = passes;
        this.shares = shares;
        this.assertions = assertions;
        this.signed =
                Caffeine.newBuilder()
                        .maximumSize(MOST_ASSERTIONS)
                        .expireAfter(
                                Expiry.writing(
                                        (AssertionKey key, Secret signed) ->
                                                key.use.handedOutFor()))
                        .build();
    }

    private record AssertionKey(ContainerRef container, Visitor visitor, int port, Use use) {}

    /** The answer; waits for nothing but a token that is seen for the first time. */
    public Decision decide(Target target, Credential credential) {
        if (!live.current()) {
            return new Refused(Refusal.UNAVAILABLE);
        }
        return switch (target) {
            case Target.ByAddress(var agent) ->
                    live.find(agent)
                            .<Decision>map(
                                    found -> new Allowed(agent, found, Optional.empty(), false))
                            .orElseGet(() -> new Refused(Refusal.NO_CONTAINER));
            case Target.ByHost(var id, int port) -> byId(new Asked(id, port, true), credential);
            case Target.ByPath(var id, int port) -> byId(new Asked(id, port, false), credential);
        };
    }

    private record Asked(AllocationId id, int port, boolean anyPort) {}

    private Decision byId(Asked asked, Credential credential) {
        return switch (credential) {
            case Credential.None() -> new Refused(Refusal.LOG_IN);
            case Credential.Bearer(var token) -> byToken(asked, token);
            case Credential.Session(var pass) ->
                    passes.read(pass)
                            .map(read -> byPass(asked, read))
                            .orElseGet(() -> new Refused(Refusal.LOG_IN));
        };
    }

    private Decision byToken(Asked asked, Secret token) {
        return switch (tokens.verify(token)) {
            case Verdict.Accepted(var caller) -> owned(asked, caller.user());
            case Verdict.Rejected(var ignored) -> new Refused(Refusal.LOG_IN);
            case Verdict.Unavailable(var ignored) -> new Refused(Refusal.UNAVAILABLE);
        };
    }

    private Decision byPass(Asked asked, GatewayPass pass) {
        if (!pass.allocation().equals(asked.id)) {
            return new Refused(Refusal.LOG_IN);
        }
        return switch (pass) {
            case GatewayPass.Session session -> owned(asked, session.user());
            case GatewayPass.Guest guest -> shared(asked, guest);
            case GatewayPass.HandOver ignored -> new Refused(Refusal.LOG_IN);
        };
    }

    private Decision owned(Asked asked, UserId user) {
        var found = live.find(asked.id).filter(container -> container.owner().equals(user));
        return found.isEmpty()
                ? new Refused(Refusal.NO_CONTAINER)
                : allowed(asked, found.get(), new Visitor.Owner(user));
    }

    private Decision shared(Asked asked, GatewayPass.Guest guest) {
        if (!asked.anyPort || asked.port != guest.port()) {
            return new Refused(Refusal.NOT_SHARED);
        }
        return switch (shares.standing(guest.share())) {
            case WITHDRAWN -> new Refused(Refusal.NOT_SHARED);
            case UNKNOWN -> new Refused(Refusal.UNAVAILABLE);
            case VALID ->
                    live.find(asked.id)
                            .map(found -> allowed(asked, found, new Visitor.Guest(guest.share())))
                            .orElseGet(() -> new Refused(Refusal.NO_CONTAINER));
        };
    }

    private Decision allowed(Asked asked, LiveContainer container, Visitor visitor) {
        boolean forwarded = asked.port != container.agent().port();
        if (forwarded && !asked.anyPort) {
            return new Refused(Refusal.OTHER_PORT);
        }
        var use = forwarded ? Use.OPENS_PORT : Use.TELLS_AGENT;
        var assertion =
                signed.get(
                        new AssertionKey(container.ref(), visitor, asked.port, use),
                        key -> assertions.of(container.ref().value(), visitor, asked.port, use));
        return new Allowed(container.agent(), container, Optional.of(assertion), forwarded);
    }
}
