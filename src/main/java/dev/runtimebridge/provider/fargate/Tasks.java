package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Started;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The calls about tasks. */
final class Tasks {
    private static final Pattern ARN =
            Pattern.compile("arn:[a-z-]+:ecs:[^:]+:\\d{12}:task/\\S+/[0-9a-f]{32}");

    /** Enough for a sentence; the developer guide names no limit. */
    private static final int LONGEST_REASON = 255;

    private static final String NOT_THERE = "not found";

    private final FargateSettings settings;
    private final AwsClients clients;
    private final AwsCalls calls;

    /**
     * What RunTask came to.
     *
     * @param tasks those that were placed, in the order of their ARNs, so that a replay has the
     *     same
     * @param failures why others were not
     */
    record Placed(Map<ContainerRef, Sighting> tasks, List<Cause> failures) {

        /**
         * One entry per task that was asked for.
         *
         * @param named what to call a failure
         */
        List<Started> started(int asked, UnaryOperator<Cause> named) {
            var started = new ArrayList<Started>();
            tasks.keySet().forEach(ref -> started.add(new Started.Accepted(ref)));
            for (int i = started.size(); i < asked; i++) {
                int nth = i - tasks.size();
                var why =
                        nth < failures.size()
                                ? failures.get(nth)
                                : new Cause(
                                        Kind.INFRASTRUCTURE,
                                        "AWS started "
                                                + tasks.size()
                                                + " of "
                                                + asked
                                                + " tasks and does not say why no more");
                started.add(new Started.Declined(named.apply(why)));
            }
            return List.copyOf(started);
        }
    }

    Tasks(FargateSettings settings, AwsClients clients, AwsCalls calls) {
        this.settings = settings;
        this.clients = clients;
        this.calls = calls;
    }

    /** Whether a reference has the form of a task's ARN; AWS refuses calls with any other. */
    static boolean named(ContainerRef ref) {
        return ARN.matcher(ref.value()).matches();
    }

    /**
     * Runs tasks. A token that stands for another request (settings have changed since) names what
     * was started then.
     */
    Placed run(RunTaskRequest request, Limit limit) {
        return calls.starting(
                limit,
                request.count(),
                () -> {
                    try {
                        return placed(clients.ecs().runTask(request));
                    } catch (ConflictException e) {
                        return adopted(e.resourceIds());
                    }
                });
    }

    private static Placed placed(RunTaskResponse answer) {
        var tasks = byArn();
        answer.tasks().forEach(t -> tasks.put(new ContainerRef(t.taskArn()), Sightings.of(t)));
        return new Placed(
                tasks,
                answer.failures().stream()
                        .map(f -> Diagnosis.notPlaced(orEmpty(f.reason()), orEmpty(f.detail())))
                        .toList());
    }

    private static Placed adopted(List<String> arns) {
        var tasks = byArn();
        arns.stream().sorted().map(ContainerRef::new).forEach(r -> tasks.put(r, Sighting.UNKNOWN));
        return new Placed(tasks, List.of());
    }

    private static SortedMap<ContainerRef, Sighting> byArn() {
        return new TreeMap<>(Comparator.comparing(ContainerRef::value));
    }

    /** Those that AWS knows, of at most a hundred. */
    Map<ContainerRef, Sighting> describe(Collection<ContainerRef> refs) {
        var request =
                DescribeTasksRequest.builder()
                        .cluster(settings.cluster())
                        .tasks(refs.stream().map(ContainerRef::value).toList())
                        .build();
        var answer =
                calls.call(AwsAction.DESCRIBE_TASKS, () -> clients.ecs().describeTasks(request));
        var seen = new HashMap<ContainerRef, Sighting>();
        answer.tasks().forEach(t -> seen.put(new ContainerRef(t.taskArn()), Sightings.of(t)));
        return seen;
    }

    /** Tells a task to stop; one that is not there is stopped. */
    void stop(ContainerRef ref, String why) {
        var reason = "runtime-bridge: " + why;
        var request =
                StopTaskRequest.builder()
                        .cluster(settings.cluster())
                        .task(ref.value())
                        .reason(reason.substring(0, Math.min(reason.length(), LONGEST_REASON)))
                        .build();
        calls.call(
                AwsAction.STOP_TASK,
                () -> {
                    try {
                        clients.ecs().stopTask(request);
                    } catch (InvalidParameterException e) {
                        if (!orEmpty(e.getMessage()).contains(NOT_THERE)) {
                            throw e;
                        }
                    }
                    return ref;
                });
    }

    /** All that carry our mark and are not to stop. */
    List<ContainerRef> list() {
        var found = new ArrayList<ContainerRef>();
        @Nullable String next = null;
        do {
            var page = page(next);
            page.taskArns().forEach(arn -> found.add(new ContainerRef(arn)));
            next = page.nextToken();
        } while (next != null);
        return found;
    }

    private ListTasksResponse page(@Nullable String token) {
        var request =
                ListTasksRequest.builder()
                        .cluster(settings.cluster())
                        .startedBy(RunTaskRequests.mark(settings.installation()))
                        .nextToken(token)
                        .build();
        return calls.call(AwsAction.LIST_TASKS, () -> clients.ecs().listTasks(request));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
