package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskEventsTest {
    private static final String ARN =
            "arn:aws:ecs:eu-central-1:123456789012:task/ide/0123456789abcdef0123456789abcdef";
    private static final String EVENT =
            """
            {"version": "0", "detail-type": "ECS Task State Change", "source": "aws.ecs",
             "detail": {"taskArn": "%s", "startedBy": "%s", "version": 5,
               "lastStatus": "%s", "desiredStatus": "%s", "stopCode": "%s", "stoppedReason": "%s",
               "pullStartedAt": "2026-01-01T12:00:00.5Z",
               "attachments": [{"type": "eni", "status": "ATTACHED", "details": [
                  {"name": "subnetId", "value": "subnet-a"},
                  {"name": "networkInterfaceId", "value": "eni-7"},
                  {"name": "privateIPv4Address", "value": "10.0.0.7"}]}],
               "containers": [{"name": "agent", "exitCode": 137, "reason": "OutOfMemoryError",
                  "networkInterfaces": [{"privateIpv4Address": "10.0.0.7"}]}]}}
            """;

    private final TaskEvents events = new TaskEvents("runtime-bridge/school");

    @Test
    void anEventIsReadAsTheTaskItTellsOf() {
        var event =
                events.read(
                                EVENT.formatted(
                                        ARN,
                                        "runtime-bridge/school",
                                        "ACTIVATING",
                                        "RUNNING",
                                        "",
                                        ""))
                        .orElseThrow();
        assertThat(event.ref()).isEqualTo(new ContainerRef(ARN));
        var seen = event.seen();
        assertThat(seen.version()).isEqualTo(5);
        assertThat(seen.address()).isEqualTo("10.0.0.7");
        assertThat(seen.networkInterface()).isEqualTo("eni-7");
        assertThat(seen.pulling()).isTrue();
        assertThat(seen.end()).isNull();
    }

    @Test
    void anEndIsReadWithItsReason() {
        var event =
                events.read(
                                EVENT.formatted(
                                        ARN,
                                        "runtime-bridge/school",
                                        "STOPPED",
                                        "STOPPED",
                                        "EssentialContainerExited",
                                        "Essential container in task exited"))
                        .orElseThrow();
        assertThat(event.seen().end())
                .satisfies(end -> assertThat(end.kind()).isEqualTo(Kind.OUT_OF_MEMORY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{\"detail-type\": \"ECS Task State Change\"}",
                "{\"detail-type\": \"ECS Deployment State Change\", \"detail\": {\"taskArn\":"
                        + " \"a\", \"startedBy\": \"runtime-bridge/school\"}}",
                "{\"detail-type\": \"ECS Task State Change\", \"detail\": {\"taskArn\": \"a\","
                        + " \"startedBy\": \"runtime-bridge/other\"}}"
            })
    void whatIsNoEventOfOursIsNobodys(String message) {
        assertThat(events.read(message)).isEmpty();
    }

    @Test
    void anEventWithNothingInItIsReadAllTheSame() {
        var event =
                events.read(
                        "{\"detail-type\": \"ECS Task State Change\", \"detail\": {\"taskArn\":"
                                + " \"a\", \"startedBy\": \"runtime-bridge/school\"}}");
        assertThat(event).hasValueSatisfying(e -> assertThat(e.seen().address()).isNull());
    }
}
