package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Failure;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.script.Cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The actions of ECS that are emulated. Source: the ECS API reference, action by action. */
final class EcsActions implements JsonActions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_AT_ONCE = 100;
    private static final int LONGEST_REASON = 1_024;
    private static final Set<Integer> TASK_ID_LENGTHS = Set.of(32, 36);

    private final Region region;
    private final Definitions definitions;
    private final RunTaskReader runTask;
    private final TaskListing listing;
    private final ClusterActions clusters;
    private final TaskJson tasks;
    private final Permissions permissions;
    private final Calls calls;

    EcsActions(Region region, Permissions permissions, Calls calls) {
        this.calls = calls;
        this.region = region;
        this.permissions = permissions;
        this.definitions = new Definitions(region);
        this.runTask = new RunTaskReader(region, definitions);
        this.listing = new TaskListing(region);
        this.clusters = new ClusterActions(region, listing);
        this.tasks = new TaskJson(region, definitions);
    }

    @Override
    public String service() {
        return "ecs";
    }

    @Override
    public String version() {
        return "1.1";
    }

    @Override
    public String namespace() {
        return "";
    }

    @Override
    public boolean admits(String action) {
        return region.admitsEcs(action);
    }

    @Override
    public ObjectNode answer(String action, Members request) {
        return switch (action) {
            case "RunTask" -> runTask(request);
            case "DescribeTasks" -> describeTasks(request);
            case "ListTasks" -> listing.answer(request);
            case "StopTask" -> stopTask(request);
            case "DescribeClusters" -> clusters.describe(request);
            case "DescribeTaskDefinition" -> definitions.describe(request);
            default ->
                    throw AwsException.client(
                            "UnknownOperationException", "ecs:" + action + " is not emulated");
        };
    }

    TaskJson tasks() {
        return tasks;
    }

    private ObjectNode runTask(Members request) {
        var order = runTask.read(request);
        passRole(order.definition().executionRole());
        passRole(order.definition().taskRole());
        if (!order.tags().isEmpty()) {
            permissions.require("ecs:TagResource", "*");
        }
        var started = region.run(order);
        var answer = NODES.objectNode();
        var running = answer.putArray("tasks");
        for (var task : started.tasks()) {
            running.add(tasks.of(task, task.state(), TaskJson.Times.EPOCH, true));
        }
        failures(answer, started.failures());
        return answer;
    }

    /** Source: "Amazon ECS task execution IAM role", passing roles, of the developer guide. */
    private void passRole(String role) {
        if (!role.isEmpty()) {
            permissions.require("iam:PassRole", role);
        }
    }

    private ObjectNode describeTasks(Members request) {
        var cluster = cluster(request);
        var named = request.texts("tasks");
        if (named.isEmpty() || named.size() > MOST_AT_ONCE) {
            throw AwsException.invalid(
                    named.isEmpty()
                            ? "Tasks cannot be empty."
                            : "Tasks cannot have more than " + MOST_AT_ONCE + " elements.");
        }
        boolean withTags = request.texts("include").contains("TAGS");
        var answer = NODES.objectNode();
        var found = answer.putArray("tasks");
        var failures = answer.putArray("failures");
        var upSince = new ArrayList<Optional<Instant>>();
        for (var each : named) {
            var id = taskId(each, cluster);
            var task = region.find(cluster.name(), id);
            task.ifPresentOrElse(
                    it -> found.add(tasks.of(it, it.state(), TaskJson.Times.EPOCH, withTags)),
                    () -> missing(failures, cluster, id));
            upSince.add(task.flatMap(Task::answeredAt));
        }
        calls.described(upSince);
        return answer;
    }

    private void missing(ArrayNode failures, Cluster cluster, String id) {
        failures.addObject()
                .put("arn", region.arn("task/" + cluster.name() + "/" + id))
                .put("reason", "MISSING");
    }

    private ObjectNode stopTask(Members request) {
        var cluster = cluster(request);
        var reason = request.text("reason");
        if (reason.length() > LONGEST_REASON) {
            throw AwsException.invalid("reason can have at most 1024 characters.");
        }
        if (request.text("task").isEmpty()) {
            throw AwsException.invalid("Task can not be blank.");
        }
        var task = stoppable(cluster, taskId(request.text("task"), cluster));
        region.stop(task, reason.isEmpty() ? "Task stopped by user" : reason);
        var answer = NODES.objectNode();
        answer.set("task", tasks.of(task, task.state(), TaskJson.Times.EPOCH, false));
        return answer;
    }

    private Task stoppable(Cluster cluster, String id) {
        return region.find(cluster.name(), id)
                .orElseThrow(() -> AwsException.invalid("The referenced task was not found."));
    }

    private Cluster cluster(Members request) {
        return region.cluster(RunTaskReader.orDefault(request.text("cluster")));
    }

    /** The id in an ARN or short form. */
    private static String taskId(String named, Cluster cluster) {
        var parts = List.of(named.split("/", -1));
        var id = parts.getLast();
        if (named.startsWith("arn:") && parts.size() == 3 && !parts.get(1).equals(cluster.name())) {
            throw AwsException.invalid(
                    "Invalid identifier: Identifier is for cluster %s. Your cluster is %s"
                            .formatted(parts.get(1), cluster.name()));
        }
        if (!TASK_ID_LENGTHS.contains(id.length())) {
            throw AwsException.invalid("taskId length should be one of [32,36]");
        }
        return id;
    }

    private static void failures(ObjectNode answer, List<Failure> failures) {
        var all = answer.putArray("failures");
        for (var failure : failures) {
            var json = all.addObject();
            if (!failure.arn().isEmpty()) {
                json.put("arn", failure.arn());
            }
            json.put("reason", failure.reason());
            if (!failure.detail().isEmpty()) {
                json.put("detail", failure.detail());
            }
        }
    }
}
