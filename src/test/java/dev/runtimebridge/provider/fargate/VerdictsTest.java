package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.fargate.Verdict.Nature;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.EcsException;

import java.net.ConnectException;

class VerdictsTest {
    private final Verdicts verdicts = new Verdicts("region eu-central-1");

    private Verdict of(int status, String code, String message) {
        var failure =
                EcsException.builder()
                        .statusCode(status)
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode(code)
                                        .errorMessage(message)
                                        .build())
                        .build();
        return verdicts.of(AwsAction.RUN_TASK, (EcsException) failure);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, Rate exceeded",
        "400, InvalidParameterException, Rate exceeded",
        "503, RequestLimitExceeded, Request limit exceeded.",
        "429, TooManyRequestsException, slow down"
    })
    void throttlingIsSeenWhateverItIsWrappedIn(int status, String code, String message) {
        assertThat(of(status, code, message).nature()).isEqualTo(Nature.THROTTLED);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ExpiredTokenException, The security token included in the request is expired",
        "403, UnrecognizedClientException, The security token included in the request is invalid.",
        "401, AuthFailure, AWS was not able to validate the provided access credentials",
        "403, AccessDeniedException, 'User: x is not authorized to perform: ecs:RunTask'",
        "403, UnauthorizedOperation, You are not authorized to perform this operation."
    })
    void whatAwsDoesNotLetUsDoIsTheAdministratorsToMend(int status, String code, String message) {
        var verdict = of(status, code, message);
        assertThat(verdict.nature()).isEqualTo(Nature.REFUSED);
        assertThat(verdict.cause().kind()).isEqualTo(Kind.PERMISSION);
        assertThat(verdict.cause().hint()).isNotBlank();
    }

    @Test
    void aDeniedActionIsNamedInTheHint() {
        assertThat(of(403, "AccessDeniedException", "no").cause().hint()).contains("ecs:RunTask");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ClusterNotFoundException | Cluster not found. | CONFIGURATION | CLUSTER_NAME
                    ClientException | TaskDefinition not found. | IMAGE | catalogue
                    InvalidParameterException | TaskDefinition is inactive | IMAGE | catalogue
                    InvalidParameterException | Error retrieving subnet information for [subnet-0]: The subnet ID 'subnet-0' does not exist | CONFIGURATION | CONTAINER_SUBNETS
                    InvalidParameterException | Error retrieving security group information for [sg-0]: The security group 'sg-0' does not exist | CONFIGURATION | CONTAINER_SECURITY_GROUP
                    InvalidParameterException | The specified capacity provider 'FARGATE_SPOT' was not found. | CONFIGURATION | CONTAINER_CAPACITY
                    InvalidParameterException | Override for container named agent is not a container in the TaskDefinition. | CONFIGURATION | TASK_CONTAINER
                    ClientException | ECS was unable to assume the role 'arn:aws:iam::1:role/x' that was provided for this task. | PERMISSION | iam:PassRole
                    ClientException | something else | CONFIGURATION | doctor
                    """)
    void aWrongRequestNamesTheSettingToCorrect(
            String code, String message, Kind kind, String hinted) {
        var verdict = of(400, code, message);
        assertThat(verdict.nature()).isEqualTo(Nature.WRONG);
        assertThat(verdict.cause().kind()).isEqualTo(kind);
        assertThat(verdict.cause().hint()).contains(hinted);
    }

    @Test
    void aServerErrorPasses() {
        assertThat(of(500, "ServerException", "Service Unavailable").nature())
                .isEqualTo(Nature.PASSING);
    }

    @Test
    void awsThatIsNotThereIsSaidToBeSoAndWhere() {
        var refused =
                SdkClientException.create(
                        "Unable to execute HTTP request: Connect to 127.0.0.1:1 failed",
                        new ConnectException("Connection refused"));
        var verdict = verdicts.of(AwsAction.RUN_TASK, refused);
        assertThat(verdict.nature()).isEqualTo(Nature.PASSING);
        assertThat(verdict.cause().detail())
                .isEqualTo("AWS cannot be reached at region eu-central-1: Connection refused");
        assertThat(
                        verdicts.of(AwsAction.RUN_TASK, ApiCallTimeoutException.create(1_000))
                                .cause()
                                .detail())
                .isEqualTo("AWS does not answer at region eu-central-1");
    }

    @Test
    void noCredentialsAtAllAreNoCaseForTryingAgain() {
        var none =
                SdkClientException.create(
                        "Unable to load credentials from any of the providers in the chain");
        assertThat(verdicts.of(AwsAction.RUN_TASK, none).nature()).isEqualTo(Nature.REFUSED);
    }
}
