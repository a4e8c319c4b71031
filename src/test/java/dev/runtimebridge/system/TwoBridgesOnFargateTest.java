package dev.runtimebridge.system;

import static dev.runtimebridge.system.FargateAccount.await;
import static dev.runtimebridge.system.FargateAccount.served;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Two bridges on one database and one AWS account. */
@Timeout(120)
class TwoBridgesOnFargateTest {
    private static final String HOLDS_THE_LEASE = "runs the loops";
    private static final int USERS = 30;

    @TempDir private Path folder;

    private FargateAccount account;
    private BridgeProcess first;
    private BridgeProcess second;

    @BeforeEach
    void start() throws Exception {
        account =
                new FargateAccount(
                        folder,
                        usual ->
                                usual.with(
                                        """
                                        latency: 10ms
                                        phases: {provisioning: 400ms, networkInterface: 800ms, pending: 100ms, pull: 50ms,
                                          start: 50ms, agent: 100ms, deprovisioning: 100ms}
                                        """));
        first = account.firstBridge();
        first.awaitSaid(HOLDS_THE_LEASE);
        second = account.bridge("second");
    }

    @AfterEach
    void end() {
        account.close();
    }

    /** Everybody has one container, the same at both, and nothing else runs. */
    private void everybodyHasOneContainer(BridgeProcess... alive) {
        for (var bridge : alive) {
            var here = served(account.users(bridge, USERS));
            var there = served(account.users(alive[0], USERS));
            assertThat(here)
                    .isNotEmpty()
                    .map(a -> a.json())
                    .isEqualTo(there.stream().map(a -> a.json()).toList());
        }
        await(() -> account.running().equals(account.rows()));
        assertThat(account.started()).hasSize(USERS);
    }

    private long throttled() {
        return account.aws.calls().counts().values().stream().mapToLong(c -> c.throttled()).sum();
    }

    @Test
    void usersWhoAskBothAtOnceGetOneTaskEach() {
        account.askedForBy(account.users(first, USERS));
        account.askedForBy(account.users(second, USERS));
        everybodyHasOneContainer(first, second);
        assertThat(throttled()).isZero();
    }

    @Test
    void theOtherAdoptsTheTasksOfOneThatDiedBeforeItReadRunTasksReply() throws Exception {
        account.neverAnswers("RunTask");
        account.askedForBy(account.users(second, USERS));
        await(() -> account.started().size() == USERS);
        first.kill();
        account.aws.script().clear();
        second.awaitSaid(HOLDS_THE_LEASE);
        everybodyHasOneContainer(second);
    }

    @Test
    void oneThatIsToldToEndAmidLaunchesAnswersThemAndHandsThemToTheOther() throws Exception {
        var asked = account.users(first, USERS).stream().map(user -> user.launchLater("")).toList();
        await(() -> account.started().size() == USERS);
        first.terminate();
        for (var answer : asked) {
            assertThat(answer.join().status()).as(answer.join().body()).isIn(200, 503);
            assertThat(
                            answer.join().status() == 200
                                    || answer.join().retryAfterSeconds().isPresent())
                    .as(answer.join().body())
                    .isTrue();
        }
        assertThat(first.awaitEnd().status()).isEqualTo(143);
        second.awaitSaid(HOLDS_THE_LEASE);
        everybodyHasOneContainer(second);
    }

    @Test
    void oneThatSleptPastItsLeaseAmidRunTaskStartsNothingTwiceWhenItWakes() throws Exception {
        account.neverAnswers("RunTask");
        account.askedForBy(account.users(second, USERS));
        await(() -> account.started().size() == USERS);
        first.signal("STOP");
        account.aws.script().clear();
        second.awaitSaid(HOLDS_THE_LEASE);
        served(account.users(second, USERS));
        first.signal("CONT");
        first.awaitSaid("another bridge runs the loops");
        everybodyHasOneContainer(first, second);
    }
}
