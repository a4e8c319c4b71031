package dev.runtimebridge.provider.fargate;

import static dev.runtimebridge.allocation.Fault.Owner.ADMIN;
import static dev.runtimebridge.allocation.Fault.Owner.PROVIDER;
import static dev.runtimebridge.provider.fargate.Sentences.quoted;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;

import java.util.Set;

/**
 * Why a task was not placed, did not come up or ended. Stop codes are those of the developer
 * guide's page on stopped tasks.
 */
final class Diagnosis {
    private static final String LATER = "nothing has to be done unless it goes on";

    private static final Set<String> NOTICES = Set.of("SpotInterruption", "TerminationNotice");

    private Diagnosis() {}

    /** Why RunTask placed fewer tasks than were asked for. */
    static Cause notPlaced(String reason, String detail) {
        var sentence = detail.isBlank() ? reason : reason + ": " + detail;
        return Sentences.of(sentence)
                .orElseGet(
                        () ->
                                new Cause(
                                        Kind.INFRASTRUCTURE,
                                        "AWS did not place the task" + quoted(sentence)));
    }

    /**
     * Whether AWS tells of its end before it comes: two minutes, in "Fargate capacity providers" of
     * the developer guide.
     *
     * @param stopCode as for {@link #ended}
     */
    static boolean isNotice(String stopCode) {
        return NOTICES.contains(stopCode);
    }

    /** What a task's user is told that runs on until AWS takes its capacity back. */
    static Cause notice(String reason) {
        return new Cause(
                Kind.INTERRUPTED,
                "AWS takes its Spot capacity back within two minutes" + quoted(reason),
                PROVIDER,
                "save elsewhere what you need; the next launch ends this container and gives"
                        + " another one");
    }

    /**
     * Why a task ended.
     *
     * @param stopCode AWS's word; empty where it gives none
     * @param reason AWS's sentence; empty where it gives none
     * @param containers what AWS says of the task's containers: a sentence, an exit code
     */
    static Cause ended(String stopCode, String reason, String containers) {
        var sentence =
                containers.isEmpty() || reason.contains(containers)
                        ? reason
                        : reason.isEmpty() ? containers : reason + " (" + containers + ")";
        return switch (stopCode) {
            case "SpotInterruption", "TerminationNotice" ->
                    new Cause(
                            Kind.INTERRUPTED,
                            "AWS took its Spot capacity back" + quoted(sentence),
                            PROVIDER,
                            "launch again; what runs with CONTAINER_CAPACITY=on-demand is not taken"
                                    + " back");
            case "InfrastructureHealth" ->
                    new Cause(
                            Kind.INFRASTRUCTURE,
                            "the machine that it ran on failed" + quoted(sentence),
                            PROVIDER,
                            "launch again");
            case "UserInitiated" ->
                    new Cause(
                            Kind.STOPPED,
                            "it was stopped at AWS" + quoted(sentence),
                            ADMIN,
                            "CloudTrail tells who called StopTask");
            case "ServiceSchedulerInitiated" ->
                    new Cause(
                            Kind.STOPPED,
                            "an ECS service stopped it" + quoted(sentence),
                            ADMIN,
                            "no service should own the bridge's tasks: look at the cluster's"
                                    + " services");
            case "EssentialContainerExited" ->
                    Sentences.of(sentence)
                            .orElseGet(
                                    () ->
                                            new Cause(
                                                    Kind.EXITED,
                                                    "its program ended" + quoted(sentence),
                                                    ADMIN,
                                                    "look at the container's log"));
            default ->
                    Sentences.of(sentence)
                            .orElseGet(
                                    () ->
                                            new Cause(
                                                    Kind.INFRASTRUCTURE,
                                                    "the task stopped" + quoted(sentence),
                                                    PROVIDER,
                                                    LATER));
        };
    }
}
