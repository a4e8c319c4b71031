package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Delay;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Script;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What every call passes, in AWS's order: its signature, the script, IAM, the buckets. Then it is
 * done, and counted.
 */
final class Gate {
    private final EmulatedClock clock;
    private final Script script;
    private final Permissions permissions;
    private final Calls calls;

    Gate(EmulatedClock clock, Script script, Permissions permissions, Calls calls) {
        this.clock = clock;
        this.script = script;
        this.permissions = permissions;
        this.calls = calls;
    }

    /**
     * A call that arrived.
     *
     * @param service {@code ecs}
     * @param action {@code RunTask}
     * @param authorization the header, empty for none
     * @param date the header, likewise
     */
    record Call(String service, String action, String authorization, String date) {
        String name() {
            return service + ":" + action;
        }
    }

    /**
     * Does the call's work if it may be done.
     *
     * @param bucket takes a token
     * @return empty when the connection is to end without an answer
     * @throws AwsException what is answered instead
     */
    <T> Optional<T> pass(Call call, BooleanSupplier bucket, Supplier<T> work) {
        try {
            pause(Scenario::latency);
            return done(call, bucket, work);
        } catch (AwsException e) {
            if (Throttling.is(e)) {
                calls.throttled(call.name());
            } else {
                calls.refused(call.name(), e.code());
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private <T> Optional<T> done(Call call, BooleanSupplier bucket, Supplier<T> work)
            throws InterruptedException {
        authenticate(call);
        var fault = script.faultOf(call.action());
        var kind = fault.map(CallFault::kind).orElse(null);
        if (kind == CallFault.Kind.LOSE_REQUEST) {
            calls.refused(call.name(), "lost");
            return Optional.empty();
        }
        if (fault.isPresent() && kind == CallFault.Kind.ERROR) {
            var error = fault.get();
            throw new AwsException(error.status(), error.code(), error.message());
        }
        if (kind == CallFault.Kind.THROTTLE_WRAPPED) {
            throw Throttling.wrapped();
        }
        permissions.require(call.name(), "*");
        if (kind == CallFault.Kind.THROTTLE || !bucket.getAsBoolean()) {
            throw Throttling.of(call.service());
        }
        var answer = work.get();
        if (kind == CallFault.Kind.LOSE_REPLY) {
            calls.refused(call.name(), "reply lost");
            return Optional.empty();
        }
        if (fault.isPresent() && kind == CallFault.Kind.SLOW) {
            pause(_ -> fault.get().after());
        }
        calls.well(call.name());
        return Optional.of(answer);
    }

    private void authenticate(Call call) {
        var scenario = script.scenario();
        Signature.check(call.authorization(), call.date(), scenario.region(), call.service());
        if (scenario.credentialsExpired()) {
            throw AwsException.client(
                    "ExpiredTokenException",
                    "The security token included in the request is expired");
        }
    }

    private void pause(Function<Scenario, Delay> which) throws InterruptedException {
        var time = script.draw(which).orElse(Duration.ofDays(1));
        if (!time.isZero()) {
            clock.pause(time);
        }
    }
}
