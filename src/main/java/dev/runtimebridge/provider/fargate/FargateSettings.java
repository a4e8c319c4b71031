package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where tasks run, and how AWS is asked.
 *
 * @param cluster name or ARN of the ECS cluster
 * @param endpoint one address for all services instead of AWS's own: the emulator's, or a proxy's
 * @param accessKey absent for what the SDK finds by itself: a task role, a profile
 * @param installation tells our tasks from those of others in the same cluster
 * @param agentContainer the container of a task definition that runs the agent; absent for its only
 *     or first essential one
 * @param eventsQueue URL of an SQS queue with the cluster's task events; absent for polling alone
 * @param callTimeout for one call, answer included
 */
public record FargateSettings(
        String cluster,
        String region,
        Optional<URI> endpoint,
        Optional<AccessKey> accessKey,
        Network network,
        Capacity capacity,
        String installation,
        Optional<String> agentContainer,
        Optional<URI> eventsQueue,
        Duration callTimeout,
        Quotas quotas) {

    /** RunTask takes no more; from the ECS API reference, AwsVpcConfiguration. */
    public static final int MOST_SUBNETS = 16;

    /** RunTask takes no more; from the ECS API reference, AwsVpcConfiguration. */
    public static final int MOST_SECURITY_GROUPS = 5;

    /** ECS limits {@code startedBy} to 128 characters; ours has a prefix. */
    public static final int LONGEST_INSTALLATION = 64;

    /** Which machines of AWS's tasks run on. */
    public enum Capacity {
        ON_DEMAND,
        /** Cheaper, may be taken away at two minutes' notice; on-demand while there is none. */
        SPOT
    }

    /** Which address of a task the bridge and the gateway use. */
    public enum Reach {
        PRIVATE,
        PUBLIC
    }

    /**
     * Credentials that were given to the bridge itself.
     *
     * @param sessionToken with temporary ones
     */
    public record AccessKey(String id, Secret secret, Optional<Secret> sessionToken) {}

    /**
     * Where in the network a task's interface is.
     *
     * @param subnets tried in turn, 1 to 16
     * @param securityGroups 1 to 5
     * @param publicIp whether interfaces get a public address, used or not
     */
    public record Network(
            List<String> subnets, List<String> securityGroups, boolean publicIp, Reach reach) {
        public Network {
            subnets = List.copyOf(subnets);
            securityGroups = List.copyOf(securityGroups);
            if (subnets.isEmpty() || subnets.size() > MOST_SUBNETS) {
                throw new IllegalArgumentException("1 to " + MOST_SUBNETS + " subnets");
            }
            if (securityGroups.isEmpty() || securityGroups.size() > MOST_SECURITY_GROUPS) {
                throw new IllegalArgumentException(
                        "1 to " + MOST_SECURITY_GROUPS + " security groups");
            }
            if (reach == Reach.PUBLIC && !publicIp) {
                throw new IllegalArgumentException("reached at an address that nobody assigns");
            }
        }
    }
}
