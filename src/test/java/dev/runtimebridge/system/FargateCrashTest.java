package dev.runtimebridge.system;

import static dev.runtimebridge.system.FargateAccount.await;
import static dev.runtimebridge.system.FargateAccount.served;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.TaskStatus;
import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kill -9 of a real bridge at each step of a launch and of an end, named by what the account, its
 * agents and the database have seen. The next one serves everybody; what runs at AWS is what the
 * database says, and nothing was started twice.
 */
@Timeout(120)
class FargateCrashTest {
    /** Two batches. */
    private static final int USERS = 12;

    private static final String SLOW_ENOUGH_TO_BE_SEEN =
            """
            phases: {provisioning: 400ms, networkInterface: 800ms, pending: 100ms, pull: 50ms, start: 50ms, agent: 800ms,
              deprovisioning: 100ms}
            """;

    @TempDir private Path folder;

    private FargateAccount account;
    private BridgeProcess bridge;

    @BeforeEach
    void start() throws Exception {
        account = new FargateAccount(folder, usual -> usual.with(SLOW_ENOUGH_TO_BE_SEEN));
        bridge = account.firstBridge();
    }

    @AfterEach
    void end() {
        account.close();
    }

    private List<UserOfTheApi> users() {
        return account.users(bridge, USERS);
    }

    /** Another bridge in the place of the one that was killed; AWS does as it is asked again. */
    private void startAgain() throws Exception {
        bridge.kill();
        account.aws.script().clear();
        bridge = account.bridge("first");
    }

    private List<UserOfTheApi.Answer> everybodyIsServedByOneTaskEach() {
        var served = served(users());
        await(() -> account.running().equals(account.rows()));
        assertThat(account.running()).hasSize(USERS);
        assertThat(account.started()).hasSize(USERS);
        assertThat(served).extracting(answer -> answer.text("url")).doesNotHaveDuplicates();
        return served;
    }

    @Test
    void afterTheBatchesAreWrittenAndBeforeRunTaskIsDone() throws Exception {
        account.add(CallFault.Kind.LOSE_REQUEST, "RunTask");
        account.askedForBy(users());
        await(() -> account.calls("ecs:RunTask") >= 2);
        startAgain();
        everybodyIsServedByOneTaskEach();
        assertThat(account.started()).extracting(LedgerEntry::clientToken).doesNotContain("");
    }

    @Test
    void afterRunTaskWasDoneAndBeforeItsReplyIsRead() throws Exception {
        account.neverAnswers("RunTask");
        account.askedForBy(users());
        await(() -> account.started().size() == USERS);
        assertThat(account.rows()).isEmpty();
        startAgain();
        everybodyIsServedByOneTaskEach();
    }

    @Test
    void whileTheTasksHaveNoInterfaceYet() throws Exception {
        account.askedForBy(users());
        await(() -> account.rows().size() == USERS);
        assertThat(account.started())
                .anySatisfy(task -> assertThat(task.status()).isEqualTo(TaskStatus.PROVISIONING));
        startAgain();
        everybodyIsServedByOneTaskEach();
    }

    @Test
    void whileTheTasksRunAndTheirAgentsAreNotUpYet() throws Exception {
        account.askedForBy(users());
        await(
                () ->
                        account.started().size() == USERS
                                && account.started().stream()
                                        .allMatch(task -> task.status() == TaskStatus.RUNNING));
        assertThat(account.started()).anyMatch(task -> task.answeredAt().isEmpty());
        startAgain();
        everybodyIsServedByOneTaskEach();
    }

    @Test
    void afterAnAgentWasInitialisedAndBeforeItCouldSaySo() throws Exception {
        var initialised = new CompletableFuture<String>();
        var killed = new CompletableFuture<String>();
        account.agents.watchInits(
                arn -> {
                    initialised.complete(arn);
                    killed.join();
                });
        account.askedForBy(users());
        initialised.join();
        bridge.kill();
        killed.complete("");
        startAgain();
        everybodyIsServedByOneTaskEach();
    }

    @Test
    void betweenAnAgentsAnswerToInitAndTheCommit() throws Exception {
        try (var lock = MariaDbServer.shared().rootConnection()) {
            lock.setAutoCommit(false);
            account.agents.watchInits(arn -> lockAllocations(lock));
            // Alone, so that the only write which can wait is the one of its credentials.
            account.askedForBy(account.users(bridge, 1));
            await(FargateCrashTest::somebodyWaitsForALock);
            bridge.kill();
            lock.rollback();
        }
        account.agents.watchInits(arn -> {});
        startAgain();
        var alone = account.users(bridge, 1).getFirst();
        var served = served(List.of(alone)).getFirst();
        var login = alone.get("/api/containers/" + served.text("id") + "/ssh");
        assertThat(login.text("password")).startsWith("stub arn:aws:ecs:");
        await(() -> account.running().equals(account.rows()));
        assertThat(account.started()).hasSize(1);
    }

    @Test
    void afterEverybodyIsServed() throws Exception {
        var before = served(users());
        startAgain();
        assertThat(everybodyIsServedByOneTaskEach())
                .extracting(answer -> answer.text("id"))
                .containsExactlyElementsOf(
                        before.stream().map(answer -> answer.text("id")).toList());
    }

    @Test
    void afterAnEndIsWrittenAndBeforeStopTaskIsDone() throws Exception {
        account.add(CallFault.Kind.LOSE_REQUEST, "StopTask");
        everybodyStops();
        await(() -> account.calls("ecs:StopTask") >= 1);
        assertThat(account.running()).hasSize(USERS);
        startAgain();
        nothingIsLeftAndEverybodyMayLaunchAgain();
    }

    @Test
    void duringStopTask() throws Exception {
        account.neverAnswers("StopTask");
        everybodyStops();
        await(() -> account.running().size() < USERS);
        assertThat(account.rows()).hasSize(USERS);
        startAgain();
        nothingIsLeftAndEverybodyMayLaunchAgain();
    }

    private void everybodyStops() {
        var users = users();
        var launched = served(users);
        for (int i = 0; i < USERS; i++) {
            assertThat(users.get(i).stop(launched.get(i).text("id")).status()).isEqualTo(202);
        }
    }

    private void nothingIsLeftAndEverybodyMayLaunchAgain() {
        await(() -> account.running().isEmpty() && account.rows().isEmpty());
        assertThat(account.started()).hasSize(USERS);
        served(users());
        await(() -> account.running().equals(account.rows()));
        assertThat(account.started()).hasSize(2 * USERS);
    }

    private void lockAllocations(Connection lock) {
        try (var statement = lock.createStatement()) {
            statement.executeQuery(
                    "select id from "
                            + account.deployment.databaseName()
                            + ".allocation for update");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean somebodyWaitsForALock() {
        // The server's picture of its transactions stays as it is while it is read more often.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
        try (var connection = MariaDbServer.shared().rootConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select count(*) from information_schema.innodb_trx where"
                                        + " trx_state = 'LOCK WAIT'")) {
            return rows.next() && rows.getInt(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
