package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Finding;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;

import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tries what the bridge must be allowed to do, by calls that cannot do anything: AWS decides
 * whether a caller may before it looks at what exactly is asked for. RunTask implies two
 * permissions more that no such call reaches; IAM itself is asked for those.
 */
final class PermissionCheck {
    private static final String NO_TASK = "0".repeat(32);
    private static final String NO_SUBNET = "subnet-00000000000000000";
    private static final Pattern NO_QUEUE = Pattern.compile("QueueDoesNotExist|NonExistentQueue");
    private static final String NO_INTERFACE = "eni-00000000000000000";

    private final AwsClients clients;
    private final DoctorCalls calls;
    private final FargateSettings settings;
    private final String caller;

    /**
     * @param caller ARN of whoever the credentials belong to
     */
    PermissionCheck(
            AwsClients clients, DoctorCalls calls, FargateSettings settings, String caller) {
        this.clients = clients;
        this.calls = calls;
        this.settings = settings;
        this.caller = caller;
    }

    /**
     * Tries them.
     *
     * @param definitions task definitions that can be run
     */
    void run(List<TaskDefinition> definitions) {
        runTask(definitions);
        may(
                AwsAction.STOP_TASK,
                () -> clients.ecs().stopTask(r -> r.cluster(settings.cluster()).task(NO_TASK)));
        may(
                AwsAction.DESCRIBE_TASKS,
                () ->
                        clients.ecs()
                                .describeTasks(r -> r.cluster(settings.cluster()).tasks(NO_TASK)));
        may(
                AwsAction.LIST_TASKS,
                () ->
                        clients.ecs()
                                .listTasks(
                                        r ->
                                                r.cluster(settings.cluster())
                                                        .startedBy(
                                                                RunTaskRequests.mark(
                                                                        settings.installation()))
                                                        .maxResults(1)));
        if (settings.network().reach() == Reach.PUBLIC) {
            may(
                    AwsAction.DESCRIBE_NETWORK_INTERFACES,
                    () ->
                            clients.ec2()
                                    .describeNetworkInterfaces(
                                            r ->
                                                    r.filters(
                                                            Filter.builder()
                                                                    .name("network-interface-id")
                                                                    .values(NO_INTERFACE)
                                                                    .build())));
        }
        settings.eventsQueue().ifPresent(this::queue);
        new ImpliedPermissions(clients.iam(), calls, settings, caller).run(definitions);
    }

    /** A subnet that does not exist: AWS refuses the request, and could not start a task there. */
    private void runTask(List<TaskDefinition> definitions) {
        if (definitions.isEmpty()) {
            calls.tell(
                    Finding.note(
                            "permission " + AwsAction.RUN_TASK.permission(),
                            "not checked: there is no task definition to try it with",
                            ""));
            return;
        }
        may(
                AwsAction.RUN_TASK,
                () ->
                        clients.ecs()
                                .runTask(
                                        r ->
                                                r.cluster(settings.cluster())
                                                        .taskDefinition(
                                                                definitions
                                                                        .getFirst()
                                                                        .taskDefinitionArn())
                                                        .count(1)
                                                        .startedBy(
                                                                RunTaskRequests.mark(
                                                                        settings.installation()))
                                                        .launchType(LaunchType.FARGATE)
                                                        .networkConfiguration(
                                                                n ->
                                                                        n.awsvpcConfiguration(
                                                                                vpc ->
                                                                                        vpc.subnets(
                                                                                                NO_SUBNET)))));
    }

    /** Takes no message out of the others' sight, and deletes none. */
    private void queue(URI url) {
        var check = "queue " + url;
        var found =
                calls.look(
                        check,
                        AwsAction.RECEIVE_MESSAGE,
                        NO_QUEUE,
                        () ->
                                clients.sqs()
                                        .receiveMessage(
                                                r ->
                                                        r.queueUrl(url.toString())
                                                                .maxNumberOfMessages(1)
                                                                .visibilityTimeout(0)
                                                                .waitTimeSeconds(0)));
        switch (found) {
            case DoctorCalls.Found.It<ReceiveMessageResponse>(var answer) ->
                    calls.tell(Finding.ok(check, "events can be taken from it"));
            case DoctorCalls.Found.Nothing<ReceiveMessageResponse>() ->
                    calls.tell(
                            Finding.wrong(
                                    check,
                                    "there is no such queue",
                                    "correct EVENTS_QUEUE_URL, or leave it out: tasks are looked at"
                                            + " all the same"));
            case DoctorCalls.Found.Unknown<ReceiveMessageResponse>() -> {}
        }
        may(
                AwsAction.DELETE_MESSAGE,
                () ->
                        clients.sqs()
                                .deleteMessage(
                                        r -> r.queueUrl(url.toString()).receiptHandle("none")));
    }

    private void may(AwsAction action, Runnable harmless) {
        calls.mayCall(action.permission(), harmless);
    }
}
