package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.FleetStore;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.View;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.fargate.Quotas.Rate;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * What keeps launches on Fargate from being paid twice, as a test wires it: intact, or without one
 * of them.
 *
 * @param quotas what the buckets keep to
 * @param unseen how long a task may be unknown to AWS
 * @param provider between the loop and the provider
 * @param store between the loop and the database
 */
record Safeguards(
        Quotas quotas,
        Duration unseen,
        UnaryOperator<Provider> provider,
        UnaryOperator<FleetStore> store) {

    static final Safeguards INTACT =
            new Safeguards(
                    Quotas.DEFAULTS,
                    AwsCalls.Pace.UNSEEN,
                    UnaryOperator.identity(),
                    UnaryOperator.identity());

    /** Each call names a token of its own, not the one that was stored. */
    static Safeguards withoutToken() {
        return new Safeguards(
                INTACT.quotas, INTACT.unseen, Safeguards::forgettingTokens, INTACT.store);
    }

    /** AWS is asked for whatever is wanted, at once. */
    static Safeguards withoutBuckets() {
        var any = new Rate(Rate.MOST, Rate.MOST);
        return new Safeguards(
                new Quotas(any, any, any, any, any, any, any, any),
                INTACT.unseen,
                INTACT.provider,
                INTACT.store);
    }

    /** A task that AWS does not know is taken for gone. */
    static Safeguards withoutTheWait() {
        return new Safeguards(INTACT.quotas, Duration.ZERO, INTACT.provider, INTACT.store);
    }

    /** What is asked for is written down after it was asked for. */
    static Safeguards withoutTheRowFirst() {
        return new Safeguards(INTACT.quotas, INTACT.unseen, INTACT.provider, RowsAfterwards::new);
    }

    private static Provider forgettingTokens(Provider real) {
        return (Provider)
                Proxy.newProxyInstance(
                        Provider.class.getClassLoader(),
                        new Class<?>[] {Provider.class},
                        (proxy, method, arguments) -> {
                            try {
                                return method.getName().equals("start")
                                        ? real.start(renamed((Batch) arguments[0]))
                                        : method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static Batch renamed(Batch batch) {
        return new Batch(UUID.randomUUID().toString(), batch.image(), batch.count(), batch.place());
    }

    /** Keeps new rows in memory until the loop looks again, which is after the calls. */
    private static final class RowsAfterwards implements FleetStore {
        private final FleetStore store;
        private Optional<Late> late = Optional.empty();

        private record Late(Lease lease, Changes rows) {}

        RowsAfterwards(FleetStore store) {
            this.store = store;
        }

        @Override
        public View view(Set<ContainerRef> also) {
            late.ifPresent(it -> store.commit(it.lease, it.rows));
            late = Optional.empty();
            return store.view(also);
        }

        @Override
        public boolean commit(Lease lease, Changes changes) {
            var rows =
                    new Changes(
                            changes.newBatches(),
                            changes.newContainers(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of());
            late = rows.none() ? late : Optional.of(new Late(lease, rows));
            return store.commit(
                    lease,
                    new Changes(
                            List.of(),
                            List.of(),
                            changes.containers(),
                            changes.allocations(),
                            changes.logins(),
                            changes.events()));
        }

        @Override
        public List<ContainerRef> running() {
            return store.running();
        }

        @Override
        public Set<ContainerRef> known(Collection<ContainerRef> refs) {
            return store.known(refs);
        }

        @Override
        public List<Container> live(String provider) {
            return store.live(provider);
        }
    }
}
