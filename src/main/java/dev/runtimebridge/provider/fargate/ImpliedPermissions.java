package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Finding;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What RunTask needs beside its own permission: to tag what it starts and to hand its roles on. No
 * call reaches either without starting a task, so IAM is asked what it would say.
 */
final class ImpliedPermissions {
    private static final String SIMULATE = "iam:SimulatePrincipalPolicy";
    private static final Pattern NO_SUCH = Pattern.compile("NoSuchEntity|InvalidInput");

    /** A session's ARN, {@code arn:aws:sts::123456789012:assumed-role/NAME/SESSION}. */
    private static final Pattern SESSION =
            Pattern.compile("arn:([a-z-]+):sts::(\\d{12}):assumed-role/([^/]+)/.+");

    private final IamClient iam;
    private final DoctorCalls calls;
    private final FargateSettings settings;
    private final String principal;

    /**
     * @param caller ARN of whoever the credentials belong to
     */
    ImpliedPermissions(IamClient iam, DoctorCalls calls, FargateSettings settings, String caller) {
        this.iam = iam;
        this.calls = calls;
        this.settings = settings;
        this.principal = SESSION.matcher(caller).replaceFirst("arn:$1:iam::$2:role/$3");
    }

    /**
     * Asks for each.
     *
     * @param definitions task definitions that can be run
     */
    void run(List<TaskDefinition> definitions) {
        definitions.stream()
                .findFirst()
                .ifPresent(
                        definition ->
                                ask(
                                        "ecs:TagResource",
                                        taskIn(settings.cluster(), definition),
                                        "ecs:CreateAction",
                                        "RunTask"));
        definitions.stream()
                .flatMap(each -> Stream.of(role(each.executionRoleArn()), role(each.taskRoleArn())))
                .flatMap(Optional::stream)
                .distinct()
                .forEach(
                        role ->
                                ask(
                                        "iam:PassRole",
                                        role,
                                        "iam:PassedToService",
                                        "ecs-tasks.amazonaws.com"));
    }

    private void ask(String action, String resource, String key, String value) {
        var check = "permission " + action;
        var answer =
                calls.look(
                        check,
                        SIMULATE,
                        NO_SUCH,
                        () ->
                                iam.simulatePrincipalPolicy(
                                                r ->
                                                        r.policySourceArn(principal)
                                                                .actionNames(action)
                                                                .resourceArns(resource)
                                                                .contextEntries(entry(key, value)))
                                        .evaluationResults());
        switch (answer) {
            case DoctorCalls.Found.It<List<EvaluationResult>>(var results) ->
                    calls.tell(
                            results.stream().allMatch(ImpliedPermissions::allowed)
                                    ? Finding.ok(check, "granted for " + resource)
                                    : Finding.wrong(
                                            check,
                                            "AWS does not let the bridge call "
                                                    + action
                                                    + " for "
                                                    + resource,
                                            "grant "
                                                    + action
                                                    + " for it to the bridge's role: RunTask"
                                                    + " needs it"));
            case DoctorCalls.Found.Nothing<List<EvaluationResult>>() ->
                    calls.tell(
                            Finding.note(check, "not checked: IAM does not know " + principal, ""));
            case DoctorCalls.Found.Unknown<List<EvaluationResult>>() -> {}
        }
    }

    private static boolean allowed(EvaluationResult result) {
        return result.evalDecision() == PolicyEvaluationDecisionType.ALLOWED;
    }

    private static ContextEntry entry(String key, String value) {
        return ContextEntry.builder()
                .contextKeyName(key)
                .contextKeyType(ContextKeyTypeEnum.STRING)
                .contextKeyValues(value)
                .build();
    }

    /** Any task of the cluster, in the account and region of the definition. */
    private static String taskIn(String cluster, TaskDefinition definition) {
        var account = definition.taskDefinitionArn().replaceFirst(":task-definition/.*", "");
        return account + ":task/" + cluster.substring(cluster.lastIndexOf('/') + 1) + "/*";
    }

    private static Optional<String> role(@Nullable String arn) {
        return Optional.ofNullable(arn).filter(text -> !text.isEmpty());
    }
}
