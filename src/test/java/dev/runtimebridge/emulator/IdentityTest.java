package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/** STS and IAM as the real SDK sees them. */
class IdentityTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/bridge";
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void aCallerIsASessionOfTheBridgesRole() {
        var caller = aws.client(StsClient.builder()).build().getCallerIdentity();

        assertThat(caller.account()).isEqualTo("123456789012");
        assertThat(caller.arn()).startsWith("arn:aws:sts::123456789012:assumed-role/bridge/");
    }

    @Test
    void aSimulationKnowsWhatIsDenied() {
        aws.emulator.script().change(now -> now.with("denied: ['ecs:StopTask']"));

        var results =
                iam().simulatePrincipalPolicy(
                                it ->
                                        it.policySourceArn(ROLE)
                                                .actionNames("ecs:RunTask", "ecs:StopTask"))
                        .evaluationResults();

        assertThat(results)
                .extracting(
                        EvaluationResult::evalActionName, EvaluationResult::evalDecisionAsString)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ecs:RunTask", "allowed"),
                        org.assertj.core.groups.Tuple.tuple("ecs:StopTask", "implicitDeny"));
    }

    @Test
    void onlyTheRoleItselfCanBeSimulated() {
        assertThatThrownBy(
                        () ->
                                iam().simulatePrincipalPolicy(
                                                it ->
                                                        it.policySourceArn(
                                                                        "arn:aws:sts::123456789012:assumed-role/bridge/emulated")
                                                                .actionNames("ecs:RunTask")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(
                        () ->
                                iam().simulatePrincipalPolicy(
                                                it ->
                                                        it.policySourceArn(ROLE + "s")
                                                                .actionNames("ecs:RunTask")))
                .isInstanceOf(NoSuchEntityException.class);
    }

    @Test
    void expiredCredentialsHaveTheQueryProtocolsName() {
        aws.emulator.script().change(now -> now.with("credentialsExpired: true"));

        assertThatThrownBy(() -> aws.client(StsClient.builder()).build().getCallerIdentity())
                .isInstanceOfSatisfying(
                        StsException.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode())
                                        .isEqualTo("ExpiredToken"));
    }

    private IamClient iam() {
        return aws.client(IamClient.builder()).build();
    }
}
