package dev.runtimebridge.emulator.script;

/**
 * The account's rates. Sources: "AWS Fargate throttling quotas" of the Fargate user guide, "Request
 * throttling for the Amazon ECS API" and "Request throttling for the Amazon EC2 API" of the API
 * references.
 *
 * @param fargateTasks tasks started on demand
 * @param spotTasks tasks started on Fargate Spot
 * @param runTask RunTask calls on Fargate
 * @param clusterResourceModify RunTask, StopTask and ExecuteCommand together
 * @param clusterResourceRead DescribeTasks and ListTasks together
 * @param clusterRead DescribeClusters and ListClusters together
 * @param definitionRead DescribeTaskDefinition and ListTaskDefinitions together
 * @param definitionModify RegisterTaskDefinition and DeregisterTaskDefinition together
 * @param ec2Filtered EC2's describing calls with a filter or paginated
 * @param ec2Plain with neither
 */
public record Quotas(
        Quota fargateTasks,
        Quota spotTasks,
        Quota runTask,
        Quota clusterResourceModify,
        Quota clusterResourceRead,
        Quota clusterRead,
        Quota definitionRead,
        Quota definitionModify,
        Quota ec2Filtered,
        Quota ec2Plain) {

    /** What an account has when nobody asked for more. */
    public static Quotas usual() {
        return new Quotas(
                new Quota(100, 20),
                new Quota(100, 20),
                new Quota(20, 20),
                new Quota(100, 40),
                new Quota(100, 20),
                new Quota(50, 20),
                new Quota(100, 50),
                new Quota(20, 1),
                new Quota(100, 20),
                new Quota(50, 10));
    }
}
