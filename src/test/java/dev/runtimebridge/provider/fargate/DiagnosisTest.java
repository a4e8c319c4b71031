package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.Fault.Owner;
import dev.runtimebridge.provider.Cause.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** The sentences are those that AWS was seen to write. */
class DiagnosisTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Capacity is unavailable at this time. Please try again later or in a different availability zone | CAPACITY | PROVIDER
                    RESOURCE:ENI | CAPACITY | ADMIN
                    RESOURCE:MEMORY | CAPACITY | PROVIDER
                    You've reached the limit on the number of vCPUs you can run concurrently | QUOTA | ADMIN
                    """)
    void aTaskThatWasNotPlaced(String reason, Kind kind, Owner owner) {
        var cause = Diagnosis.notPlaced(reason, "");
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.owner()).isEqualTo(owner);
        assertThat(cause.detail()).contains(reason);
        assertThat(cause.hint()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Timeout waiting for network interface provisioning to complete. | INFRASTRUCTURE | PROVIDER
                    Timeout waiting for EphemeralStorage provisioning to complete. | INFRASTRUCTURE | PROVIDER
                    Capacity is unavailable at this time. Please try again later or in a different availability zone | CAPACITY | PROVIDER
                    CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/nope:1: docker.io/library/nope:1: not found | IMAGE | ADMIN
                    CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://x": dial tcp 3.5.1.2:443: i/o timeout | INFRASTRUCTURE | PROVIDER
                    CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "x.dkr.ecr.eu-central-1.amazonaws.com/a:1": pull access denied, repository does not exist or may require authorization | PERMISSION | ADMIN
                    CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64' | IMAGE | ADMIN
                    CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer: write /var/lib: no space left on device: unknown | CONFIGURATION | ADMIN
                    CannotPullContainerError: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io: 429 Too Many Requests - toomanyrequests: You have reached your pull rate limit | INFRASTRUCTURE | ADMIN
                    CannotPullContainerError: something that nobody has seen | IMAGE | ADMIN
                    ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue | PERMISSION | ADMIN
                    ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed: RequestError: send request failed caused by: Post "https://api.ecr.": dial tcp: i/o timeout | INFRASTRUCTURE | ADMIN
                    ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: ResourceNotFoundException: The specified log group does not exist | CONFIGURATION | ADMIN
                    ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m0s | INFRASTRUCTURE | PROVIDER
                    CannotStartContainerError: exec: "agent": executable file not found in $PATH: unknown | IMAGE | ADMIN
                    CannotStartContainerError: failed to get container status: context canceled | INFRASTRUCTURE | PROVIDER
                    exec /usr/bin/agent: exec format error | IMAGE | ADMIN
                    CannotCreateVolumeError: Get https://efs: no such host | CONFIGURATION | ADMIN
                    nobody ever read this before | INFRASTRUCTURE | PROVIDER
                    """)
    void aTaskThatDidNotStart(String reason, Kind kind, Owner owner) {
        var cause = Diagnosis.ended("TaskFailedToStart", reason, "");
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.owner()).isEqualTo(owner);
        assertThat(cause.detail()).contains(reason.substring(0, Math.min(100, reason.length())));
        assertThat(cause.hint()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    EssentialContainerExited | Essential container in task exited | OutOfMemoryError: Container killed due to memory usage, exit code 137 | OUT_OF_MEMORY | USER
                    EssentialContainerExited | Essential container in task exited | exit code 1 | EXITED | ADMIN
                    SpotInterruption | Your Spot Task was interrupted. | | INTERRUPTED | PROVIDER
                    TerminationNotice | Your Spot Task was interrupted. | | INTERRUPTED | PROVIDER
                    InfrastructureHealth | Task stopped by service | | INFRASTRUCTURE | PROVIDER
                    UserInitiated | Task stopped by user | | STOPPED | ADMIN
                    ServiceSchedulerInitiated | Scaling activity initiated by deployment | | STOPPED | ADMIN
                    """)
    void aTaskThatEnded(String code, String reason, String containers, Kind kind, Owner owner) {
        var cause = Diagnosis.ended(code, reason, containers == null ? "" : containers);
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.owner()).isEqualTo(owner);
        assertThat(cause.hint()).isNotBlank();
    }

    /** A code that the SDK learns one day is found here, not by a user. */
    @ParameterizedTest
    @EnumSource(
            value = TaskStopCode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = "UNKNOWN_TO_SDK_VERSION")
    void everyStopCodeHasASentenceAndAHint(TaskStopCode code) {
        var cause = Diagnosis.ended(code.toString(), "", "");
        assertThat(cause.detail()).isNotBlank();
        assertThat(cause.hint()).isNotBlank();
    }

    @Test
    void whatAwsSaysIsQuotedOnOneLine() {
        assertThat(Diagnosis.ended("TaskFailedToStart", "first\nsecond", "").detail())
                .doesNotContain("\n")
                .contains("first second");
    }
}
