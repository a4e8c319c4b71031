package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;

import java.time.Instant;
import java.util.Optional;

/**
 * One running instance of an image. {@code version} is the one that was read; every write names it.
 *
 * @param revision of the image when it was asked for
 * @param batchKey the batch that asked for it
 * @param ordinal its place in the batch, from 0
 * @param ref present from STARTING on
 * @param address present from READY on
 * @param apiKeyHash hex SHA-256 of the API key its agent gets, known from the start because the key
 *     is derived from the id
 * @param requestedAt when its batch was stored
 * @param startedAt when the provider named it
 * @param readyAt when its agent first answered
 * @param stoppedAt when it was known to be over
 * @param cause why it ends or ended; present from STOPPING on
 */
public record Container(
        ContainerId id,
        ImageId image,
        int revision,
        String batchKey,
        int ordinal,
        ContainerState state,
        Optional<ContainerRef> ref,
        Optional<Address> address,
        String apiKeyHash,
        Instant requestedAt,
        Optional<Instant> startedAt,
        Optional<Instant> readyAt,
        Optional<Instant> stoppedAt,
        Optional<Cause> cause,
        long version) {

    public static Container requested(
            ContainerId id,
            ImageId image,
            int revision,
            String batchKey,
            int ordinal,
            String apiKeyHash,
            Instant now) {
        return new Container(
                id,
                image,
                revision,
                batchKey,
                ordinal,
                ContainerState.REQUESTED,
                Optional.empty(),
                Optional.empty(),
                apiKeyHash,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    public Container start(ContainerRef named, Instant now) {
        return with(
                ContainerState.STARTING,
                Optional.of(named),
                address,
                Optional.of(now),
                readyAt,
                stoppedAt,
                cause);
    }

    public Container ready(Address at, Instant now) {
        return with(
                ContainerState.READY,
                ref,
                Optional.of(at),
                startedAt,
                Optional.of(now),
                stoppedAt,
                cause);
    }

    public Container bind() {
        return with(ContainerState.BOUND, ref, address, startedAt, readyAt, stoppedAt, cause);
    }

    public Container startStopping(Cause why) {
        return with(
                ContainerState.STOPPING,
                ref,
                address,
                startedAt,
                readyAt,
                stoppedAt,
                Optional.of(why));
    }

    /** Over. A cause that was given when the stop began is kept. */
    public Container stopped(Cause why, Instant now) {
        return with(
                ContainerState.STOPPED,
                ref,
                address,
                startedAt,
                readyAt,
                Optional.of(now),
                Optional.of(cause.orElse(why)));
    }

    private Container with(
            ContainerState next,
            Optional<ContainerRef> nextRef,
            Optional<Address> nextAddress,
            Optional<Instant> nextStartedAt,
            Optional<Instant> nextReadyAt,
            Optional<Instant> nextStoppedAt,
            Optional<Cause> nextCause) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(id + ": " + state + " -> " + next);
        }
        return new Container(
                id,
                image,
                revision,
                batchKey,
                ordinal,
                next,
                nextRef,
                nextAddress,
                apiKeyHash,
                requestedAt,
                nextStartedAt,
                nextReadyAt,
                nextStoppedAt,
                nextCause,
                version);
    }
}
