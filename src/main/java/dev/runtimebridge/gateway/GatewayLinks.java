package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.secret.GatewayPass;
import dev.runtimebridge.secret.GatewayPasses;
import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Links into containers, and the sessions that they begin. */
public final class GatewayLinks {
    /** The query parameter that holds a link's pass. */
    public static final String PASS = "pass";

    /** How long a hand-over link can be opened. */
    static final Duration HAND_OVER = Duration.ofMinutes(5);

    /** The longest session; it ends with its container anyway. */
    static final Duration SESSION = Duration.ofHours(12);

    private final GatewaySettings settings;
    private final GatewayPasses passes;
    private final UsedLinks used;
    private final Shares shares;
    private final LiveContainers live;
    private final Ids ids;
    private final InstantSource clock;

    public GatewayLinks(
            GatewaySettings settings,
            GatewayPasses passes,
            UsedLinks used,
            Shares shares,
            LiveContainers live,
            Ids ids,
            InstantSource clock) {
        this.settings = settings;
        this.passes = passes;
        this.used = used;
        this.shares = shares;
        this.live = live;
        this.ids = ids;
        this.clock = clock;
    }

    /** Which of one-time links were opened. */
    public interface UsedLinks {
        /** Whether this is the first time; false ever after. */
        boolean use(String id, Instant expiresAt);
    }

    /**
     * A session that begins.
     *
     * @param text for the cookie
     */
    public record Session(Secret text, Duration lasts) {}

    /** The address of one port of a container, for whoever may reach it. */
    public URI port(AllocationId id, int port) {
        return settings.container(id, port);
    }

    /** A link that lets the owner's browser in, once. It works on the host of any port. */
    public URI handOver(AllocationId id, UserId owner, int port) {
        var pass = new GatewayPass.HandOver(id, ids.draw(), clock.instant().plus(HAND_OVER), owner);
        return link(id, port, pass);
    }

    /** The link of a share. */
    public URI share(AllocationId id, String share, int port, Instant expiresAt) {
        return link(id, port, new GatewayPass.Guest(id, share, expiresAt, share, port));
    }

    private URI link(AllocationId id, int port, GatewayPass pass) {
        return URI.create(
                port(id, port)
                        + "/.runtime-bridge/enter?"
                        + PASS
                        + "="
                        + passes.write(pass).reveal());
    }

    /**
     * Begins the session that a link on this host entitles to; absent where it entitles to none, or
     * no longer.
     *
     * @throws dev.runtimebridge.allocation.StoreUnavailable when it cannot be told whether the link
     *     was used
     */
    public Optional<Session> begin(Secret text, Target.ByHost host) {
        return passes.read(text)
                .filter(pass -> pass.allocation().equals(host.id()))
                .filter(pass -> live.find(host.id()).isPresent())
                .flatMap(pass -> session(pass, host));
    }

    private Optional<Session> session(GatewayPass pass, Target.ByHost host) {
        return switch (pass) {
            case GatewayPass.HandOver link ->
                    used.use(link.id(), link.expiresAt())
                            ? Optional.of(
                                    write(
                                            new GatewayPass.Session(
                                                    link.allocation(),
                                                    ids.draw(),
                                                    clock.instant().plus(SESSION),
                                                    link.user())))
                            : Optional.empty();
            case GatewayPass.Guest guest ->
                    guest.port() == host.port()
                                    && shares.standing(guest.share()) == Shares.Standing.VALID
                            ? Optional.of(write(guest))
                            : Optional.empty();
            case GatewayPass.Session ignored -> Optional.empty();
        };
    }

    private Session write(GatewayPass pass) {
        return new Session(passes.write(pass), Duration.between(clock.instant(), pass.expiresAt()));
    }
}
