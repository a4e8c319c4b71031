package dev.runtimebridge.provider.fargate;

/**
 * How often AWS may be asked for what, per account and region. The defaults are those of an account
 * that never asked for more, from the ECS and EC2 throttling pages.
 *
 * @param tasksOnDemand Fargate tasks started
 * @param tasksSpot Fargate Spot tasks started
 * @param runTask RunTask calls for Fargate
 * @param taskWrites RunTask, StopTask and ExecuteCommand together
 * @param taskReads DescribeTasks and ListTasks together
 * @param definitionReads DescribeTaskDefinition
 * @param interfacesFiltered DescribeNetworkInterfaces with a filter or pages
 * @param interfaces DescribeNetworkInterfaces with neither
 */
public record Quotas(
        Rate tasksOnDemand,
        Rate tasksSpot,
        Rate runTask,
        Rate taskWrites,
        Rate taskReads,
        Rate definitionReads,
        Rate interfacesFiltered,
        Rate interfaces) {

    public static final Quotas DEFAULTS =
            new Quotas(
                    new Rate(100, 20),
                    new Rate(100, 20),
                    new Rate(20, 20),
                    new Rate(100, 40),
                    new Rate(100, 20),
                    new Rate(100, 50),
                    new Rate(100, 20),
                    new Rate(50, 10));

    /**
     * A token bucket.
     *
     * @param burst how many at once after a rest
     * @param perSecond how many in the long run
     */
    public record Rate(int burst, int perSecond) {
        public static final int MOST = 10_000;

        public Rate {
            if (burst < 1 || burst > MOST || perSecond < 1 || perSecond > MOST) {
                throw new IllegalArgumentException(
                        "a rate is a burst and a number per second, both from 1 to " + MOST);
            }
        }

        @Override
        public String toString() {
            return burst + "/" + perSecond;
        }
    }
}
