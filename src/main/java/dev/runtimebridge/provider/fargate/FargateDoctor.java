package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;

import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Looks at everything at AWS that launches depend on. Changes nothing and starts nothing; what the
 * credentials do not let it see it says.
 */
public final class FargateDoctor implements AutoCloseable {
    private static final String SPOT = "FARGATE_SPOT";

    private final FargateSettings settings;
    private final int agentPort;
    private final URI agentBridgeUrl;
    private final AwsClients clients;
    private final Verdicts verdicts;

    /**
     * A doctor for these settings.
     *
     * @param agentPort what agents listen on
     * @param agentBridgeUrl where they call the bridge
     */
    public FargateDoctor(FargateSettings settings, int agentPort, URI agentBridgeUrl) {
        this.settings = settings;
        this.agentPort = agentPort;
        this.agentBridgeUrl = agentBridgeUrl;
        this.clients = new AwsClients(settings);
        this.verdicts = new Verdicts(FargateProvider.where(settings));
    }

    /**
     * Looks at one thing after the other.
     *
     * @param images the catalogue; absent where it could not be read
     * @param told each finding as soon as it is made
     */
    public void examine(Optional<List<Image>> images, Consumer<Finding> told) {
        var calls = new DoctorCalls(verdicts, told);
        var identity = credentials(calls);
        if (identity.isEmpty()) {
            return;
        }
        cluster(calls);
        var definitions = new DefinitionCheck(clients.ecs(), calls, settings);
        var runnable = images.map(definitions::run).orElse(List.of());
        var vpcs = new SubnetCheck(clients.ec2(), calls, settings).run();
        new SecurityGroupCheck(clients.ec2(), calls, settings, agentPort, agentBridgeUrl).run(vpcs);
        new PermissionCheck(clients, calls, settings, identity.get()).run(runnable);
    }

    /** Whose credentials these are; empty when AWS does not take them, or cannot be reached. */
    private Optional<String> credentials(DoctorCalls calls) {
        var check = "credentials";
        var identity = new AtomicReference<GetCallerIdentityResponse>();
        var failure =
                calls.failure(
                        "sts:GetCallerIdentity",
                        () -> identity.set(clients.sts().getCallerIdentity()));
        if (failure.isPresent()) {
            var why = failure.get().cause();
            calls.tell(Finding.wrong(check, why.detail(), why.hint()));
            calls.tell(
                    Finding.note(
                            "everything else",
                            "not checked: AWS has to take the credentials first",
                            ""));
            return Optional.empty();
        }
        var arn = Objects.requireNonNull(identity.get(), "what AWS answered").arn();
        calls.tell(Finding.ok(check, "AWS knows them as " + arn));
        return Optional.of(arn);
    }

    private void cluster(DoctorCalls calls) {
        var check = "cluster " + settings.cluster();
        var found =
                calls.look(
                        check,
                        "ecs:DescribeClusters",
                        DoctorCalls.NEVER,
                        () ->
                                clients.ecs()
                                        .describeClusters(r -> r.clusters(settings.cluster()))
                                        .clusters());
        if (!(found instanceof DoctorCalls.Found.It<List<Cluster>>(var clusters))) {
            return;
        }
        if (clusters.isEmpty() || !"ACTIVE".equals(clusters.getFirst().status())) {
            calls.tell(
                    Finding.wrong(
                            check,
                            clusters.isEmpty()
                                    ? "there is no such cluster in " + settings.region()
                                    : "it is " + clusters.getFirst().status(),
                            "create it (aws ecs create-cluster --cluster-name NAME), or correct"
                                    + " CLUSTER_NAME or AWS_REGION"));
            return;
        }
        var cluster = clusters.getFirst();
        if (settings.capacity() == Capacity.SPOT && !cluster.capacityProviders().contains(SPOT)) {
            calls.tell(
                    Finding.wrong(
                            check,
                            "it does not have the capacity provider " + SPOT,
                            "give it both (aws ecs put-cluster-capacity-providers"
                                    + " --capacity-providers FARGATE FARGATE_SPOT), or set"
                                    + " CONTAINER_CAPACITY=on-demand"));
            return;
        }
        calls.tell(Finding.ok(check, "active, " + cluster.runningTasksCount() + " tasks run"));
    }

    @Override
    public void close() {
        clients.close();
    }
}
