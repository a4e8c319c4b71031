package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.Moment;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.util.function.Function;

/**
 * What a container reads of itself. Source: "Amazon ECS task metadata endpoint version 4 for tasks
 * on Fargate" of the ECS developer guide.
 */
final class MetadataPages {
    private static final int NOT_FOUND = 404;

    private final Region region;

    MetadataPages(Region region) {
        this.region = region;
    }

    void install(RoutesConfig routes) {
        routes.get("/v4/{task}", ctx -> answer(ctx, this::container));
        routes.get("/v4/{task}/task", ctx -> answer(ctx, this::task));
    }

    private void answer(Context ctx, Function<Task, ObjectNode> page) {
        region.any(ctx.pathParam("task"))
                .ifPresentOrElse(
                        task ->
                                ctx.contentType("application/json")
                                        .result(page.apply(task).toString()),
                        () -> ctx.status(NOT_FOUND).result("unable to get the task"));
    }

    private ObjectNode task(Task task) {
        var definition = task.order().definition();
        var state = task.state();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("Cluster", region.arn("cluster/" + task.order().cluster()));
        json.put("TaskARN", task.arn());
        json.put("Family", definition.family());
        json.put("Revision", Integer.toString(definition.revision()));
        json.put("DesiredStatus", state.wanted() ? "RUNNING" : "STOPPED");
        json.put("KnownStatus", state.last().name());
        json.putObject("Limits")
                .put("CPU", definition.cpu() / 1024.0)
                .put("Memory", definition.memory());
        state.when(Moment.PULL_STARTED)
                .ifPresent(when -> json.put("PullStartedAt", when.toString()));
        state.when(Moment.PULL_STOPPED)
                .ifPresent(when -> json.put("PullStoppedAt", when.toString()));
        json.put("AvailabilityZone", task.subnet().zone());
        json.put("LaunchType", "FARGATE");
        json.putArray("Containers").add(container(task));
        return json;
    }

    private ObjectNode container(Task task) {
        var definition = task.order().definition();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("DockerId", task.id() + "-0");
        json.put("Name", definition.container());
        json.put("Image", definition.image());
        json.put("KnownStatus", task.state().last().name());
        json.putObject("Labels")
                .put("com.amazonaws.ecs.cluster", region.arn("cluster/" + task.order().cluster()))
                .put("com.amazonaws.ecs.task-arn", task.arn())
                .put("com.amazonaws.ecs.task-definition-family", definition.family());
        var place = task.state().place();
        if (place != null) {
            json.putArray("Networks")
                    .addObject()
                    .put("NetworkMode", "awsvpc")
                    .put("AttachmentIndex", 0)
                    .put("MACAddress", task.mac())
                    .putArray("IPv4Addresses")
                    .add(place.privateIp());
        }
        return json;
    }
}
