package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.fargate.Quotas.Rate;

/**
 * One bucket of tokens each. {@link #STOPS} and {@link #SWEEPS} are ours, parts of AWS's: what can
 * wait leaves some of the quota to what users wait for.
 */
enum Limit {
    TASKS_ON_DEMAND,
    TASKS_SPOT,
    RUN_TASK,
    TASK_WRITES,
    STOPS,
    TASK_READS,
    SWEEPS,
    DEFINITION_READS,
    INTERFACES_FILTERED,
    INTERFACES;

    private static final int QUARTERS = 4;

    Rate rate(Quotas quotas) {
        return switch (this) {
            case TASKS_ON_DEMAND -> quotas.tasksOnDemand();
            case TASKS_SPOT -> quotas.tasksSpot();
            case RUN_TASK -> quotas.runTask();
            case TASK_WRITES -> quotas.taskWrites();
            case STOPS -> part(quotas.taskWrites(), 3);
            case TASK_READS -> quotas.taskReads();
            case SWEEPS -> part(quotas.taskReads(), 2);
            case DEFINITION_READS -> quotas.definitionReads();
            case INTERFACES_FILTERED -> quotas.interfacesFiltered();
            case INTERFACES -> quotas.interfaces();
        };
    }

    private static Rate part(Rate whole, int quarters) {
        return new Rate(
                Math.max(1, whole.burst() * quarters / QUARTERS),
                Math.max(1, whole.perSecond() * quarters / QUARTERS));
    }
}
