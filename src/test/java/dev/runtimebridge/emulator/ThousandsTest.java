package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many tasks at once must be cheap: benchmarks run ten thousand beside what they measure. */
class ThousandsTest {
    private static final int TASKS = 3_000;
    private static final String UNLIMITED =
            """
            quotas:
              fargateTasks: {burst: 100000, perSecond: 100000}
              runTask: {burst: 100000, perSecond: 100000}
              clusterResourceModify: {burst: 100000, perSecond: 100000}
              clusterResourceRead: {burst: 100000, perSecond: 100000}
            """;

    @Test
    void thousandsOfTasksRunInOneProcessAndAreDescribedByTheHundred() throws Exception {
        try (var aws = new EmulatedAws(Scenario.usual().with(UNLIMITED))) {
            var ecs = aws.ecs();
            int threads = Thread.activeCount();
            var arns = new ArrayList<String>();
            for (int call = 0; call < TASKS / 10; call++) {
                ecs.runTask(EmulatedAws.run(it -> it.count(10)))
                        .tasks()
                        .forEach(task -> arns.add(task.taskArn()));
            }

            aws.pass("5s");

            assertThat(aws.agents.size()).isEqualTo(TASKS);
            assertThat(Thread.activeCount() - threads).isLessThan(50);
            assertThat(ecs.listTasksPaginator(which -> which.cluster("bridge")).taskArns())
                    .hasSize(TASKS);
            var ips = addresses(aws, arns.subList(TASKS - 100, TASKS));
            assertThat(ips).doesNotHaveDuplicates().hasSize(100);
            assertThat(pings(ips)).isEqualTo(100);
        }
    }

    private static List<String> addresses(EmulatedAws aws, List<String> arns) {
        return aws
                .ecs()
                .describeTasks(which -> which.cluster("bridge").tasks(arns))
                .tasks()
                .stream()
                .map(
                        task ->
                                task.containers()
                                        .getFirst()
                                        .networkInterfaces()
                                        .getFirst()
                                        .privateIpv4Address())
                .toList();
    }

    private static long pings(List<String> ips) throws IOException, InterruptedException {
        long well = 0;
        try (var http = HttpClient.newHttpClient()) {
            for (var ip : ips) {
                var request =
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://"
                                                        + ip
                                                        + ":"
                                                        + EmulatedAws.AGENT_PORT
                                                        + "/ping"))
                                .timeout(Duration.ofSeconds(5))
                                .build();
                well += http.send(request, BodyHandlers.ofString()).statusCode() == 200 ? 1 : 0;
            }
        }
        return well;
    }
}
