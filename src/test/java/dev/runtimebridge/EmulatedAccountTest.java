package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.Test;

/** What a bridge is told of the account beside it. */
class EmulatedAccountTest {
    private static final int AGENT_PORT = 8000;

    @Test
    void whereTimeRunsFasterTheBridgeMayAskSoMuchFaster() {
        try (var account =
                EmulatedAccount.withStubs(Scenario.usual().with("scale: 10"), 0, AGENT_PORT)) {
            assertThat(account.settings(AGENT_PORT))
                    .containsEntry("QUOTA_TASKS", "100/200")
                    .containsEntry("QUOTA_RUN_TASK", "20/200")
                    .containsEntry("QUOTA_TASK_WRITES", "100/400")
                    .containsEntry("QUOTA_TASK_READS", "100/200");
        }
    }

    @Test
    void stricterQuotasOfAScriptAreForTheBridgeToFindOut() {
        var strict = Scenario.usual().with("quotas: {fargateTasks: {burst: 1, perSecond: 1}}");
        try (var account = EmulatedAccount.withStubs(strict, 0, AGENT_PORT)) {
            assertThat(account.settings(AGENT_PORT)).doesNotContainKey("QUOTA_TASKS");
        }
    }
}
