package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;

import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks at the task definitions of the images that can be launched. */
final class DefinitionCheck {
    private static final Pattern NONE =
            Pattern.compile("unable to describe task definition", Pattern.CASE_INSENSITIVE);
    private static final Pattern ECR = Pattern.compile("\\d{12}\\.dkr\\.ecr\\..*");
    private static final int LONGEST_STOP_SECONDS = 120;
    private static final int UNITS_PER_CORE = 1024;
    private static final int MILLIS_PER_CORE = 1000;
    private static final String REGISTER = "register a revision that ";

    private final EcsClient ecs;
    private final DoctorCalls calls;
    private final Optional<String> agentContainer;
    private final boolean onSpot;

    DefinitionCheck(EcsClient ecs, DoctorCalls calls, FargateSettings settings) {
        this.ecs = ecs;
        this.calls = calls;
        this.agentContainer = settings.agentContainer();
        this.onSpot = settings.capacity() == Capacity.SPOT;
    }

    /** Something wrong, and what to do. */
    private record Fault(String detail, String hint) {}

    /** Returns those that can be run, whatever else is wrong with them. */
    List<TaskDefinition> run(List<Image> images) {
        var meant =
                images.stream()
                        .filter(Image::enabled)
                        .filter(image -> !image.run().taskDefinition().isEmpty())
                        .toList();
        if (meant.isEmpty()) {
            calls.tell(
                    Finding.wrong(
                            "images",
                            "no image of the catalogue that is switched on has a task definition",
                            "./bridge images change IMAGE --task-definition FAMILY:REVISION"));
        }
        var runnable = new ArrayList<TaskDefinition>();
        for (var image : meant) {
            var name = image.run().taskDefinition();
            var found =
                    calls.look(
                            check(image),
                            AwsAction.DESCRIBE_TASK_DEFINITION,
                            NONE,
                            () ->
                                    ecs.describeTaskDefinition(r -> r.taskDefinition(name))
                                            .taskDefinition());
            switch (found) {
                case DoctorCalls.Found.It<TaskDefinition>(var definition) ->
                        judge(image, definition, runnable);
                case DoctorCalls.Found.Nothing<TaskDefinition>() ->
                        calls.tell(
                                Finding.wrong(
                                        check(image),
                                        "there is no task definition " + name,
                                        another(image, "register it")));
                case DoctorCalls.Found.Unknown<TaskDefinition>() -> {}
            }
        }
        return runnable;
    }

    private void judge(Image image, TaskDefinition definition, List<TaskDefinition> runnable) {
        var unusable = unusable(image, definition);
        var faults = new ArrayList<Fault>();
        unusable.ifPresent(faults::add);
        if (unusable.isEmpty()) {
            runnable.add(definition);
            faults.addAll(others(image, definition));
        }
        if (faults.isEmpty()) {
            calls.tell(
                    Finding.ok(
                            check(image),
                            "%s: %s CPU units, %s MiB, %s"
                                    .formatted(
                                            image.run().taskDefinition(),
                                            definition.cpu(),
                                            definition.memory(),
                                            architecture(definition))));
        }
        faults.forEach(fault -> calls.tell(Finding.wrong(check(image), fault.detail, fault.hint)));
        if (onSpot && faults.isEmpty() && !outlivesNotice(definition)) {
            calls.tell(
                    Finding.note(
                            check(image),
                            "when AWS takes Spot capacity back, its users lose what they work at"
                                    + " sooner than after the two minutes of AWS's notice",
                            another(image, REGISTER + "has a stopTimeout of 120")));
        }
    }

    private boolean outlivesNotice(TaskDefinition definition) {
        return agent(definition)
                .or(() -> definition.containerDefinitions().stream().findFirst())
                .map(ContainerDefinition::stopTimeout)
                .filter(seconds -> seconds >= LONGEST_STOP_SECONDS)
                .isPresent();
    }

    /** Why Fargate would not run it at all. */
    private Optional<Fault> unusable(Image image, TaskDefinition definition) {
        var name = image.run().taskDefinition();
        if (definition.status() != TaskDefinitionStatus.ACTIVE) {
            return Optional.of(
                    new Fault(
                            name + " is " + definition.statusAsString(),
                            another(image, "register it anew")));
        }
        boolean forOthers =
                definition.hasRequiresCompatibilities()
                        && !definition.requiresCompatibilities().contains(Compatibility.FARGATE);
        if (forOthers || definition.networkMode() != NetworkMode.AWSVPC) {
            return Optional.of(
                    new Fault(
                            name + " is not one for Fargate",
                            another(
                                    image,
                                    REGISTER
                                            + "requires FARGATE and has the network mode awsvpc")));
        }
        if (agentContainer.isPresent() && agent(definition).isEmpty()) {
            return Optional.of(
                    new Fault(
                            name + " has no container " + agentContainer.get(),
                            "correct TASK_CONTAINER, or " + REGISTER + "has that container"));
        }
        return Optional.empty();
    }

    private List<Fault> others(Image image, TaskDefinition definition) {
        var faults = new ArrayList<Fault>();
        var name = image.run().taskDefinition();
        if (!sizeOf(image).equals(definition.cpu() + " " + definition.memory())) {
            faults.add(
                    new Fault(
                            "%s has %s CPU units and %s MiB, the catalogue says %s and %d"
                                    .formatted(
                                            name,
                                            definition.cpu(),
                                            definition.memory(),
                                            units(image),
                                            image.size().memoryMebibytes()),
                            "./bridge images change %s --cpu-millis %s --memory-mib %s"
                                    .formatted(
                                            image.id(), millis(definition), definition.memory())));
        }
        if (!architecture(definition).equals(image.size().architecture().name())) {
            var is = architecture(definition);
            faults.add(
                    new Fault(
                            "%s is for %s, the catalogue says %s"
                                    .formatted(name, is, image.size().architecture()),
                            "./bridge images change %s --architecture %s"
                                    .formatted(image.id(), is.toLowerCase(Locale.ROOT))));
        }
        if (isSet(definition.taskRoleArn())) {
            faults.add(
                    new Fault(
                            name
                                    + " hands the credentials of "
                                    + definition.taskRoleArn()
                                    + " to every user's programs",
                            another(image, REGISTER + "has no task role")));
        }
        if (!isSet(definition.executionRoleArn()) && needsExecutionRole(definition)) {
            faults.add(
                    new Fault(
                            name
                                    + " has no execution role: its image cannot be pulled or its"
                                    + " log not written",
                            another(
                                    image,
                                    REGISTER
                                            + "has one with the policy"
                                            + " AmazonECSTaskExecutionRolePolicy")));
        }
        return faults;
    }

    private static boolean needsExecutionRole(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .anyMatch(
                        container ->
                                ECR.matcher(String.valueOf(container.image())).matches()
                                        || (container.logConfiguration() != null
                                                && container.logConfiguration().logDriver()
                                                        == LogDriver.AWSLOGS));
    }

    private Optional<ContainerDefinition> agent(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .filter(container -> agentContainer.equals(Optional.of(container.name())))
                .findFirst();
    }

    private static String sizeOf(Image image) {
        return units(image) + " " + image.size().memoryMebibytes();
    }

    /** Catalogue entries say thousandths of a core, rounded as people write them: 250 for 256. */
    private static long units(Image image) {
        return Math.round((double) image.size().cpuMillis() * UNITS_PER_CORE / MILLIS_PER_CORE);
    }

    private static String millis(TaskDefinition definition) {
        try {
            return Long.toString(
                    Math.round(
                            Double.parseDouble(definition.cpu())
                                    * MILLIS_PER_CORE
                                    / UNITS_PER_CORE));
        } catch (NumberFormatException e) {
            return "N";
        }
    }

    /** ECS takes x86_64 for granted where a definition does not say. */
    private static String architecture(TaskDefinition definition) {
        var platform = definition.runtimePlatform();
        return platform == null || platform.cpuArchitecture() == null
                ? CPUArchitecture.X86_64.toString()
                : platform.cpuArchitectureAsString();
    }

    private static boolean isSet(@org.jspecify.annotations.Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static String check(Image image) {
        return "image " + image.id() + " (" + image.name() + ")";
    }

    private static String another(Image image, String first) {
        return first
                + ", then ./bridge images change "
                + image.id()
                + " --task-definition FAMILY:REVISION";
    }
}
