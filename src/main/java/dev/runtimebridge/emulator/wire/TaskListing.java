package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Moment;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.region.TaskStatus;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** ListTasks. Source: ListTasks of the ECS API reference. */
final class TaskListing {
    private static final int LARGEST_PAGE = 100;
    private static final List<String> FILTERS =
            List.of("containerInstance", "desiredStatus", "family", "launchType", "serviceName");

    private final Region region;

    TaskListing(Region region) {
        this.region = region;
    }

    ObjectNode answer(Members request) {
        var cluster = region.cluster(RunTaskReader.orDefault(request.text("cluster")));
        int page = request.number("maxResults").orElse(LARGEST_PAGE);
        if (page < 1 || page > LARGEST_PAGE) {
            throw AwsException.invalid("maxResults must be between 1 and 100.");
        }
        var which = filter(request);
        var all =
                region.visible().stream()
                        .filter(task -> task.order().cluster().equals(cluster.name()))
                        .filter(which)
                        .toList();
        var from = request.text("nextToken");
        var rest = all.stream().filter(task -> token(task).compareTo(from) >= 0).toList();
        var answer = JsonNodeFactory.instance.objectNode();
        var arns = answer.putArray("taskArns");
        rest.stream().limit(page).forEach(task -> arns.add(task.arn()));
        if (rest.size() > page) {
            answer.put("nextToken", token(rest.get(page)));
        }
        return answer;
    }

    /** How many tasks of the cluster run and wait, as DescribeClusters has it. */
    void count(String cluster, ObjectNode json) {
        var all =
                region.visible().stream()
                        .filter(task -> task.order().cluster().equals(cluster))
                        .map(task -> task.state().last())
                        .toList();
        json.put(
                "runningTasksCount",
                all.stream().filter(status -> status == TaskStatus.RUNNING).count());
        json.put(
                "pendingTasksCount",
                all.stream().filter(status -> status.compareTo(TaskStatus.RUNNING) < 0).count());
    }

    private static Predicate<Task> filter(Members request) {
        var startedBy = request.text("startedBy");
        if (!startedBy.isEmpty()) {
            if (FILTERS.stream().anyMatch(request::has)) {
                throw AwsException.invalid(
                        "When you specify startedBy as the filter, it must be the only filter.");
            }
            return task -> task.state().wanted() && task.order().startedBy().equals(startedBy);
        }
        boolean running =
                switch (request.text("desiredStatus")) {
                    case "", "RUNNING" -> true;
                    case "STOPPED", "PENDING" -> false;
                    default -> throw AwsException.invalid("Invalid desiredStatus.");
                };
        // ListTasks takes PENDING and then finds nothing: no task is desired to be pending.
        boolean none =
                request.text("desiredStatus").equals("PENDING")
                        || request.has("serviceName")
                        || request.has("containerInstance")
                        || Optional.of(request.text("launchType"))
                                .filter(type -> !type.isEmpty() && !type.equals("FARGATE"))
                                .isPresent();
        var family = request.text("family");
        return task ->
                !none
                        && task.state().wanted() == running
                        && (family.isEmpty() || task.order().definition().family().equals(family));
    }

    /** Tells where a task is in the list, also when others have left it. */
    private static String token(Task task) {
        var created = task.state().when(Moment.CREATED).orElseThrow();
        return "%019d%09d%s".formatted(created.getEpochSecond(), created.getNano(), task.id());
    }
}
