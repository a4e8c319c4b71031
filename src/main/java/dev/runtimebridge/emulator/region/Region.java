package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Cluster;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Script;
import dev.runtimebridge.emulator.script.Subnet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Tasks of one account in one region: started, found, stopped. */
public final class Region {
    private final EmulatedClock clock;
    private final Script script;
    private final Life life;
    private final Ending ending;
    private final Ledger ledger;
    private final Throttles throttles;
    private final EventQueue events;
    private final ClientTokens tokens = new ClientTokens();
    private final Occupancy occupancy = new Occupancy();
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private int placed;

    /**
     * An empty region.
     *
     * @param metadata the environment by which a container finds its metadata
     */
    public Region(
            EmulatedClock clock,
            Script script,
            TaskRunner runner,
            Function<Task, Map<String, String>> metadata) {
        this.clock = clock;
        this.script = script;
        this.ledger = new Ledger(clock);
        this.events = new EventQueue(clock, script);
        this.throttles = new Throttles(() -> script.scenario().quotas(), clock);
        var steps =
                new Steps(
                        clock,
                        script,
                        task -> {
                            occupancy.heard(task);
                            events.heard(task);
                        });
        this.ending = new Ending(steps, runner, task -> tasks.remove(task.id()));
        this.life = new Life(steps, ending, runner, metadata);
    }

    public Ledger ledger() {
        return ledger;
    }

    public EventQueue events() {
        return events;
    }

    public Scenario scenario() {
        return script.scenario();
    }

    /**
     * Takes a token from the buckets of an ECS call.
     *
     * @return whether there was one
     */
    public boolean admitsEcs(String action) {
        return throttles.ecs(action);
    }

    /** The same for EC2; {@code narrowed} says that it has a filter or is paginated. */
    public boolean admitsEc2(String action, boolean narrowed) {
        return throttles.ec2(action, narrowed);
    }

    /**
     * The cluster of that name or ARN.
     *
     * @throws AwsException ClusterNotFoundException
     */
    public Cluster cluster(String named) {
        var name = named.substring(named.lastIndexOf('/') + 1);
        return scenario().clusters().stream()
                .filter(cluster -> cluster.active() && cluster.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                AwsException.client(
                                        "ClusterNotFoundException", "Cluster not found."));
    }

    /**
     * Starts tasks, as many as there is room for.
     *
     * @throws AwsException ConflictException, ThrottlingException
     */
    public synchronized Started run(TaskOrder order) {
        var now = clock.instant();
        if (!order.clientToken().isEmpty()) {
            var earlier = tokens.earlier(order, now);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        throttle(order);
        var running = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (var provider : order.providers()) {
            place(order, provider, now, running, failures);
        }
        var started = new Started(running, failures);
        tokens.used(order, started, now);
        running.forEach(task -> life.begin(task, now));
        return started;
    }

    private void throttle(TaskOrder order) {
        int spot = (int) order.providers().stream().filter(TaskOrder.SPOT::equals).count();
        if (!throttles.tasks(true, spot) || !throttles.tasks(false, order.count() - spot)) {
            throw AwsException.client("ThrottlingException", "Rate exceeded");
        }
    }

    /** Subnets take turns; none steps in for another, as Fargate does not promise that it does. */
    private void place(
            TaskOrder order,
            String provider,
            Instant now,
            List<Task> running,
            List<Failure> failures) {
        var subnet = subnet(order.subnets().get(placed++ % order.subnets().size())).orElseThrow();
        var refused = occupancy.enter(subnet, provider);
        if (refused.isPresent()) {
            failures.add(refused.get());
            return;
        }
        var task = task(order, provider, subnet, now);
        tasks.put(task.id(), task);
        ledger.add(task);
        running.add(task);
    }

    private Task task(TaskOrder order, String provider, Subnet subnet, Instant now) {
        var id = newId();
        var missing = script.draw(Scenario::missing).orElse(Duration.ofDays(365));
        return new Task(
                id,
                arn("task/" + order.cluster() + "/" + id),
                order,
                subnet,
                provider,
                now,
                now.plus(missing),
                script.fatesOf(order.definition().family(), subnet.id()));
    }

    /** The subnet of that id. */
    public Optional<Subnet> subnet(String id) {
        return scenario().subnets().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** How many addresses of a subnet no task has. */
    public int freeAddresses(Subnet subnet) {
        return occupancy.free(subnet);
    }

    /** A task of the cluster that can be described now. */
    public Optional<Task> find(String cluster, String id) {
        return Optional.ofNullable(tasks.get(id))
                .filter(task -> task.order().cluster().equals(cluster))
                .filter(task -> task.visible(clock.instant()));
    }

    /** A task by its id alone, whatever reading calls know of it. */
    public Optional<Task> any(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    /** All tasks that can be described now, oldest first. */
    public List<Task> visible() {
        var now = clock.instant();
        return tasks.values().stream()
                .filter(task -> task.visible(now))
                .sorted(
                        Comparator.comparing(
                                        (Task task) ->
                                                task.state().when(Moment.CREATED).orElseThrow())
                                .thenComparing(Task::id))
                .toList();
    }

    /** StopTask. A stopped task stays as it is. */
    public void stop(Task task, String reason) {
        ending.stop(task, clock.instant(), new TaskState.Stop("UserInitiated", reason));
    }

    /** Ends a task for another reason, as AWS may at any time. */
    public void end(Task task, TaskState.Stop why) {
        ending.stop(task, clock.instant(), why);
    }

    /** A Spot interruption; tasks on demand are not touched. */
    public void interrupt(Task task) {
        life.notice(task, clock.instant());
    }

    /** {@code arn:aws:ecs:REGION:ACCOUNT:...}. */
    public String arn(String what) {
        return "arn:aws:ecs:" + scenario().region() + ":" + scenario().account() + ":" + what;
    }

    /** Unguessable enough, and never the same again in another run. */
    private static String newId() {
        var id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
