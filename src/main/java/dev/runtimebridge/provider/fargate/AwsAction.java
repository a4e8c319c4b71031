package dev.runtimebridge.provider.fargate;

import java.util.List;

/**
 * What AWS is asked for, by the name that IAM has for it, and which limits each call counts
 * against.
 */
enum AwsAction {
    RUN_TASK("ecs:RunTask", Limit.RUN_TASK, Limit.TASK_WRITES),
    STOP_TASK("ecs:StopTask", Limit.STOPS, Limit.TASK_WRITES),
    DESCRIBE_TASKS("ecs:DescribeTasks", Limit.TASK_READS),
    LIST_TASKS("ecs:ListTasks", Limit.SWEEPS, Limit.TASK_READS),
    DESCRIBE_TASK_DEFINITION("ecs:DescribeTaskDefinition", Limit.DEFINITION_READS),
    DESCRIBE_NETWORK_INTERFACES("ec2:DescribeNetworkInterfaces", Limit.INTERFACES_FILTERED),
    RECEIVE_MESSAGE("sqs:ReceiveMessage"),
    DELETE_MESSAGE("sqs:DeleteMessage");

    private final String permission;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<Limit> limits;

    AwsAction(String permission, Limit... limits) {
        this.permission = permission;
        this.limits = List.of(limits);
    }

    /** As a policy has it, {@code ecs:RunTask}. */
    String permission() {
        return permission;
    }

    /** The call's own name, {@code RunTask}. */
    String call() {
        return permission.substring(permission.indexOf(':') + 1);
    }

    List<Limit> limits() {
        return limits;
    }
}
