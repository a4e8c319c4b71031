package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Which task definitions can be run, and which of their containers has the agent. Remembered, and
 * looked up again beside those who ask. Safe for many threads.
 */
final class TaskDefinitions {
    private static final Logger LOG = LoggerFactory.getLogger(TaskDefinitions.class);
    private static final Duration GOOD_FOR = Duration.ofMinutes(10);
    private static final Duration BAD_FOR = Duration.ofSeconds(30);

    private final AwsClients clients;
    private final AwsCalls calls;
    private final Optional<String> wantedContainer;
    private final InstantSource clock;
    private final Executor beside;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Boolean> underWay = new ConcurrentHashMap<>();

    private sealed interface Known {
        Instant until();

        record Good(String container, Instant until) implements Known {}

        record Bad(Cause why, Instant until) implements Known {}
    }

    /**
     * @param wantedContainer the container that has the agent; absent for the only or first
     *     essential one
     * @param beside runs what nobody waits for
     */
    TaskDefinitions(
            AwsClients clients,
            AwsCalls calls,
            Optional<String> wantedContainer,
            InstantSource clock,
            Executor beside) {
        this.clients = clients;
        this.calls = calls;
        this.wantedContainer = wantedContainer;
        this.clock = clock;
        this.beside = beside;
    }

    /**
     * Whether it can be run, as far as is known; what nobody has looked up yet may. Never waits.
     */
    boolean usable(String name) {
        var last = known.get(name);
        if (last == null || !last.until().isAfter(clock.instant())) {
            refresh(name);
        }
        return !(last instanceof Known.Bad);
    }

    /**
     * The container that has the agent.
     *
     * @throws ProviderException when the definition cannot be run or looked up
     */
    String container(String name) {
        var last = known.get(name);
        // What was found once stays so: a revision never changes, and a family's next one is like
        // it or fails at its start.
        var found = last instanceof Known.Good ? last : lookUp(name);
        return switch (found) {
            case Known.Good(var container, var until) -> container;
            case Known.Bad(var why, var until) -> throw ProviderException.lasting(why, null);
        };
    }

    /** AWS would not run it: it is not offered until it was looked up again. */
    void refused(String name, Cause why) {
        known.put(name, new Known.Bad(why, clock.instant().plus(BAD_FOR)));
    }

    private void refresh(String name) {
        if (underWay.putIfAbsent(name, true) == null) {
            beside.execute(
                    () -> {
                        try {
                            lookUp(name);
                        } catch (ProviderException e) {
                            LOG.debug("task definition {} not looked up: {}", name, e.getMessage());
                        } finally {
                            underWay.remove(name);
                        }
                    });
        }
    }

    private Known lookUp(String name) {
        Known found;
        try {
            var request = DescribeTaskDefinitionRequest.builder().taskDefinition(name).build();
            var answer =
                    calls.call(
                            AwsAction.DESCRIBE_TASK_DEFINITION,
                            () -> clients.ecs().describeTaskDefinition(request));
            found = judge(name, answer.taskDefinition());
        } catch (ProviderException e) {
            if (e.repeatable() || e.why().kind() == Kind.PERMISSION) {
                throw e;
            }
            // The call takes nothing but a name, so that only the name can be wrong.
            found = bad(name, "does not exist" + Sentences.quoted(e.why().detail()));
        }
        var before = known.put(name, found);
        if (found instanceof Known.Bad(var why, var until) && !(before instanceof Known.Bad)) {
            LOG.warn("an image is not offered: {}", why.text());
        }
        return found;
    }

    private Known judge(String name, TaskDefinition definition) {
        if (definition.status() == TaskDefinitionStatus.INACTIVE
                || definition.status() == TaskDefinitionStatus.DELETE_IN_PROGRESS) {
            return bad(name, "is inactive");
        }
        boolean forOthers =
                definition.hasRequiresCompatibilities()
                        && !definition.requiresCompatibilities().contains(Compatibility.FARGATE);
        if (forOthers || definition.networkMode() != NetworkMode.AWSVPC) {
            return bad(name, "is not one for Fargate");
        }
        var all = definition.containerDefinitions();
        var chosen =
                wantedContainer.isPresent()
                        ? all.stream().filter(c -> wantedContainer.get().equals(c.name()))
                        : all.stream().filter(c -> all.size() == 1 || isEssential(c));
        return chosen.findFirst()
                .<Known>map(c -> new Known.Good(c.name(), clock.instant().plus(GOOD_FOR)))
                .orElseGet(
                        () ->
                                bad(
                                        name,
                                        wantedContainer
                                                .map(wanted -> "has no container " + wanted)
                                                .orElse("has no essential container")));
    }

    /** ECS takes a container for essential unless it says otherwise. */
    private static boolean isEssential(ContainerDefinition container) {
        return !Boolean.FALSE.equals(container.essential());
    }

    private Known bad(String name, String what) {
        return new Known.Bad(
                new Cause(Kind.IMAGE, "the task definition " + name + " " + what)
                        .hint("correct it, or the image's entry in the catalogue"),
                clock.instant().plus(BAD_FOR));
    }
}
