package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.region.TaskState;
import dev.runtimebridge.emulator.script.ScenarioText;
import dev.runtimebridge.emulator.script.Script;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.time.Instant;
import java.util.Optional;

/** The emulator's own pages, under {@code /emulator}; {@code docs/emulator.md} lists them. */
final class AdminPages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int NO_CONTENT = 204;

    private final EmulatedClock clock;
    private final Script script;
    private final Region region;
    private final Calls calls;
    private final JsonMapper json = new JsonMapper();

    AdminPages(EmulatedClock clock, Script script, Region region, Calls calls) {
        this.clock = clock;
        this.script = script;
        this.region = region;
        this.calls = calls;
    }

    void install(RoutesConfig routes) {
        routes.get("/emulator", this::overview);
        routes.get(
                "/emulator/scenario",
                ctx ->
                        ctx.contentType("application/json")
                                .result(ScenarioText.json(script.scenario())));
        routes.patch(
                "/emulator/scenario",
                ctx -> change(ctx, () -> script.change(now -> now.with(ctx.body()))));
        routes.post(
                "/emulator/faults",
                ctx -> change(ctx, () -> script.add(ScenarioText.fault(ctx.body()))));
        routes.post(
                "/emulator/fates",
                ctx -> change(ctx, () -> script.add(ScenarioText.fate(ctx.body()))));
        routes.delete("/emulator/faults", ctx -> change(ctx, script::clear));
        routes.get("/emulator/ledger", this::ledger);
        routes.get("/emulator/calls", this::counts);
        routes.get("/emulator/calls/last", this::lastCalls);
        routes.delete("/emulator/calls", ctx -> change(ctx, calls::reset));
        routes.post("/emulator/tasks/{task}/end", this::end);
        routes.post(
                "/emulator/tasks/{task}/interrupt",
                ctx -> task(ctx).ifPresent(task -> change(ctx, () -> region.interrupt(task))));
    }

    private void overview(Context ctx) {
        var page = NODES.objectNode();
        page.put("now", clock.instant().toString());
        page.put("scale", script.scenario().scale());
        page.put("region", script.scenario().region());
        var tasks = page.putObject("tasks");
        region.ledger()
                .started()
                .forEach(
                        entry ->
                                tasks.put(
                                        entry.status().name(),
                                        tasks.path(entry.status().name()).asInt() + 1));
        page.put("billedSeconds", region.ledger().billed().toSeconds());
        write(ctx, page);
    }

    private void ledger(Context ctx) {
        var page = NODES.objectNode();
        page.put("now", clock.instant().toString());
        page.put("billedSeconds", region.ledger().billed().toSeconds());
        var tasks = page.putArray("tasks");
        region.ledger().started().forEach(entry -> tasks.add(of(entry)));
        write(ctx, page);
    }

    private static ObjectNode of(LedgerEntry entry) {
        var page = NODES.objectNode();
        page.put("arn", entry.arn());
        page.put("definition", entry.definition());
        page.put("cluster", entry.cluster());
        page.put("subnet", entry.subnet());
        page.put("spot", entry.spot());
        page.put("clientToken", entry.clientToken());
        page.put("startedBy", entry.startedBy());
        page.put("status", entry.status().name());
        page.put("address", entry.address().orElse(""));
        page.put("askedAt", entry.askedAt().toString());
        time(page, "answeredAt", entry.answeredAt());
        time(page, "billedFrom", entry.billedFrom());
        time(page, "billedTo", entry.billedTo());
        page.put("billedSeconds", entry.billed().toSeconds());
        time(page, "stoppedAt", entry.stoppedAt());
        page.put("stopCode", entry.stopCode());
        page.put("reason", entry.reason());
        return page;
    }

    private static void time(ObjectNode page, String name, Optional<Instant> when) {
        when.ifPresentOrElse(time -> page.put(name, time.toString()), () -> page.putNull(name));
    }

    private void counts(Context ctx) {
        var page = NODES.objectNode();
        calls.counts()
                .forEach(
                        (action, count) ->
                                page.putObject(action)
                                        .put("calls", count.all())
                                        .put("throttled", count.throttled())
                                        .put("failed", count.failed()));
        write(ctx, page);
    }

    private void lastCalls(Context ctx) {
        var page = NODES.objectNode();
        var last = page.putArray("calls");
        for (var call : calls.last()) {
            last.addObject()
                    .put("when", call.when().toString())
                    .put("action", call.action())
                    .put("outcome", call.outcome());
        }
        write(ctx, page);
    }

    private void end(Context ctx) {
        task(ctx)
                .ifPresent(
                        task ->
                                change(
                                        ctx,
                                        () -> {
                                            var why = ScenarioText.values(ctx.body());
                                            region.end(
                                                    task,
                                                    new TaskState.Stop(
                                                            why.getOrDefault(
                                                                    "stopCode",
                                                                    "InfrastructureHealth"),
                                                            why.getOrDefault(
                                                                    "reason", "scripted")));
                                        }));
    }

    private Optional<Task> task(Context ctx) {
        var task = region.any(ctx.pathParam("task"));
        if (task.isEmpty()) {
            ctx.status(NOT_FOUND);
            write(ctx, NODES.objectNode().put("error", "there is no such task"));
        }
        return task;
    }

    private void change(Context ctx, Runnable what) {
        try {
            what.run();
            ctx.status(NO_CONTENT);
        } catch (IllegalArgumentException e) {
            ctx.status(BAD_REQUEST);
            write(ctx, NODES.objectNode().put("error", String.valueOf(e.getMessage())));
        }
    }

    private void write(Context ctx, ObjectNode page) {
        try {
            ctx.contentType("application/json")
                    .result(json.writerWithDefaultPrettyPrinter().writeValueAsBytes(page));
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
