package dev.runtimebridge.config;

import dev.runtimebridge.provider.fargate.FargateSettings;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.provider.fargate.Quotas;
import dev.runtimebridge.provider.fargate.Quotas.Rate;
import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The settings about AWS. */
final class FargateKeys {
    private static final Pattern CLUSTER =
            Pattern.compile("(arn:[^\\s,]{1,80}:cluster/)?[A-Za-z0-9_-]{1,128}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d{1,2}");
    private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-z]{1,32}");
    private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-z]{1,32}");

    /** What {@code startedBy} and a tag's value both take. */
    private static final Pattern INSTALLATION =
            Pattern.compile("[A-Za-z0-9_-]{1," + FargateSettings.LONGEST_INSTALLATION + "}");

    private static final Pattern RATE = Pattern.compile("(\\d{1,5})/(\\d{1,5})");

    static final Key<String> CLUSTER_NAME =
            Key.of(
                    "CLUSTER_NAME",
                    Kinds.form("the name or ARN of an ECS cluster", CLUSTER),
                    "ECS cluster that tasks run in. Required for `fargate`.");
    static final Key<String> AWS_REGION =
            Key.of(
                    "AWS_REGION",
                    Kinds.form("an AWS region such as eu-central-1", REGION),
                    "Region of the cluster. Required for `fargate`; tasks on AWS have it set.");
    static final Key<List<String>> CONTAINER_SUBNETS =
            Key.of(
                    "CONTAINER_SUBNETS",
                    Kinds.list(
                            "1 to "
                                    + FargateSettings.MOST_SUBNETS
                                    + " different subnets separated by commas, such as"
                                    + " subnet-0a1b2c3d",
                            SUBNET,
                            FargateSettings.MOST_SUBNETS),
                    "Subnets of the containers, separated by commas, tried in turn when one is"
                            + " full. Required for `fargate`.");
    static final Key<List<String>> CONTAINER_SECURITY_GROUP =
            Key.of(
                    "CONTAINER_SECURITY_GROUP",
                    Kinds.list(
                            "1 to "
                                    + FargateSettings.MOST_SECURITY_GROUPS
                                    + " different security groups separated by commas, such as"
                                    + " sg-0a1b2c3d",
                            SECURITY_GROUP,
                            FargateSettings.MOST_SECURITY_GROUPS),
                    "Security groups of the containers, separated by commas; they must let bridge"
                            + " and gateway reach AGENT_PORT. Required for `fargate`.");
    static final Key<Reach> CONTAINER_ADDRESS =
            Key.of(
                    "CONTAINER_ADDRESS",
                    Kinds.oneOf(Reach.class),
                    "private",
                    "Which address of a container bridge and gateway use. `private`: the one in its"
                        + " subnet. `public`: the public one, for bridges outside of the network;"
                        + " costs one more call to AWS.");
    static final Key<Boolean> CONTAINER_PUBLIC_IP =
            Key.of(
                    "CONTAINER_PUBLIC_IP",
                    Kinds.flag(),
                    "Whether containers get a public address, which subnets without a NAT gateway"
                            + " need to pull images. By default only where CONTAINER_ADDRESS is"
                            + " `public`.");
    static final Key<Capacity> CONTAINER_CAPACITY =
            Key.of(
                    "CONTAINER_CAPACITY",
                    Kinds.oneOf(Capacity.class),
                    "on-demand",
                    "`on-demand`, or `spot`: cheaper, may be taken away at two minutes' notice, and"
                            + " on-demand while there is no Spot capacity. The cluster must have"
                            + " the capacity provider FARGATE_SPOT.");
    static final Key<String> TASK_CONTAINER =
            Key.of(
                    "TASK_CONTAINER",
                    Kinds.text("the name of a container in the task definitions"),
                    "The container of a task definition that runs the agent. By default the only"
                            + " one, or the first that is essential.");
    static final Key<String> INSTALLATION_NAME =
            Key.of(
                    "INSTALLATION_NAME",
                    Kinds.form(
                            "1 to "
                                    + FargateSettings.LONGEST_INSTALLATION
                                    + " letters, digits, - and _",
                            INSTALLATION),
                    "Name of this installation in the marks of what it starts; all bridges of one"
                            + " database share it, no two databases do. By default made from"
                            + " BRIDGE_SIGNING_KEY; set it before that key changes.");
    static final Key<URI> EVENTS_QUEUE_URL =
            Key.of(
                    "EVENTS_QUEUE_URL",
                    Kinds.url(),
                    "An SQS queue that an EventBridge rule fills with the cluster's `ECS Task State"
                            + " Change` events, so that ends are known at once. By default none:"
                            + " tasks are looked at from time to time.");
    static final Key<URI> AWS_ENDPOINT_URL =
            Key.of(
                    "AWS_ENDPOINT_URL",
                    Kinds.url(),
                    "One address for all AWS services, such as that of `./bridge emulate-aws`. By"
                            + " default AWS's own.");
    static final Key<String> AWS_ACCESS_KEY_ID =
            Key.of(
                    "AWS_ACCESS_KEY_ID",
                    Kinds.text("the id of an access key"),
                    "Credentials for AWS. By default a task role, a profile, or whatever else the"
                            + " AWS SDK finds.");
    static final Key<Secret> AWS_SECRET_ACCESS_KEY =
            Key.secret(
                    "AWS_SECRET_ACCESS_KEY",
                    Kinds.password(),
                    "Its secret. Required with AWS_ACCESS_KEY_ID.");
    static final Key<Secret> AWS_SESSION_TOKEN =
            Key.secret(
                    "AWS_SESSION_TOKEN",
                    Kinds.password(),
                    "Its session token, with temporary credentials.");
    static final Key<Duration> AWS_CALL_TIMEOUT =
            Key.of(
                    "AWS_CALL_TIMEOUT",
                    Kinds.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
                    "10s",
                    "How long one call to AWS may take before it is given up and repeated.");

    static final Key<Rate> QUOTA_TASKS =
            quota(
                    "QUOTA_TASKS",
                    Quotas.DEFAULTS.tasksOnDemand(),
                    "Fargate tasks that AWS starts for this account and region: at once after a"
                            + " rest, and per second.");
    static final Key<Rate> QUOTA_SPOT_TASKS =
            quota("QUOTA_SPOT_TASKS", Quotas.DEFAULTS.tasksSpot(), "The same for Fargate Spot.");
    static final Key<Rate> QUOTA_RUN_TASK =
            quota("QUOTA_RUN_TASK", Quotas.DEFAULTS.runTask(), "RunTask calls for Fargate.");
    static final Key<Rate> QUOTA_TASK_WRITES =
            quota(
                    "QUOTA_TASK_WRITES",
                    Quotas.DEFAULTS.taskWrites(),
                    "RunTask, StopTask and ExecuteCommand calls together.");
    static final Key<Rate> QUOTA_TASK_READS =
            quota(
                    "QUOTA_TASK_READS",
                    Quotas.DEFAULTS.taskReads(),
                    "DescribeTasks and ListTasks calls together.");
    static final Key<Rate> QUOTA_DEFINITION_READS =
            quota(
                    "QUOTA_DEFINITION_READS",
                    Quotas.DEFAULTS.definitionReads(),
                    "DescribeTaskDefinition calls.");
    static final Key<Rate> QUOTA_INTERFACES_FILTERED =
            quota(
                    "QUOTA_INTERFACES_FILTERED",
                    Quotas.DEFAULTS.interfacesFiltered(),
                    "DescribeNetworkInterfaces calls with a filter or pages.");
    static final Key<Rate> QUOTA_INTERFACES =
            quota(
                    "QUOTA_INTERFACES",
                    Quotas.DEFAULTS.interfaces(),
                    "DescribeNetworkInterfaces calls with neither.");

    /** Everything about AWS. */
    static final List<Key<?>> ALL =
            List.of(
                    CLUSTER_NAME,
                    AWS_REGION,
                    CONTAINER_SUBNETS,
                    CONTAINER_SECURITY_GROUP,
                    CONTAINER_ADDRESS,
                    CONTAINER_PUBLIC_IP,
                    CONTAINER_CAPACITY,
                    TASK_CONTAINER,
                    INSTALLATION_NAME,
                    EVENTS_QUEUE_URL,
                    AWS_ENDPOINT_URL,
                    AWS_ACCESS_KEY_ID,
                    AWS_SECRET_ACCESS_KEY,
                    AWS_SESSION_TOKEN,
                    AWS_CALL_TIMEOUT,
                    QUOTA_TASKS,
                    QUOTA_SPOT_TASKS,
                    QUOTA_RUN_TASK,
                    QUOTA_TASK_WRITES,
                    QUOTA_TASK_READS,
                    QUOTA_DEFINITION_READS,
                    QUOTA_INTERFACES_FILTERED,
                    QUOTA_INTERFACES);

    private FargateKeys() {}

    private static Key<Rate> quota(String name, Rate usual, String meaning) {
        return Key.of(name, rate(), usual.toString(), meaning);
    }

    private static Kind<Rate> rate() {
        return new Kind<>(
                "a burst and a number per second, written as 100/20",
                text -> {
                    var matcher = RATE.matcher(text);
                    if (!matcher.matches()) {
                        throw new IllegalArgumentException();
                    }
                    return new Rate(
                            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
                });
    }
}
