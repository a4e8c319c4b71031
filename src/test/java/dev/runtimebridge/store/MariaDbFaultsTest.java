package dev.runtimebridge.store;

import static dev.runtimebridge.store.Rows.NOW;
import static dev.runtimebridge.store.Rows.PYTHON;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.CatalogEntry;
import dev.runtimebridge.catalog.EntryStore.Written;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageDetails;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What the stores make of a server that fails. */
class MariaDbFaultsTest {
    private static final EndReason BY_OWNER =
            new EndReason(EndReason.Code.STOPPED_BY_OWNER, "its owner asked for it");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final DatabaseSettings.Limits LIMITS =
            new DatabaseSettings.Limits(
                    4, 100, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(3));

    private static MariaDbServer server;

    private final Rows rows = new Rows(11);
    private DatabaseSettings settings;
    private Database database;
    private SqlClaims claims;

    @BeforeAll
    static void start() {
        server = MariaDbServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void open() {
        settings = server.newDatabase(LIMITS);
        database = new Database(settings);
        database.migrate();
        claims = new SqlClaims(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aServerThatIsDownIsUnavailableAndUsedAgainOnceItIsBack() {
        var before = claimed(rows.claim("7"));
        server.kill();
        assertThatThrownBy(() -> claims.claim(List.of(rows.claim("8")), 5))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("cannot be used now")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining(settings.password().reveal());
        assertThatThrownBy(database::ping).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(database::migrate).isInstanceOf(StoreUnavailable.class);
        server.startAgain();
        assertThat(claims.live(before.owner(), PYTHON, Slot.DEFAULT)).isPresent();
        claimed(rows.claim("8"));
        database.ping();
    }

    @Test
    void nothingThatWasPromisedIsLostWhenTheServerCrashesInTheMiddle() throws Exception {
        Set<AllocationId> promised = ConcurrentHashMap.newKeySet();
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work =
                    List.of(0, 1, 2, 3, 4, 5, 6, 7).stream()
                            .map(
                                    worker ->
                                            threads.submit(
                                                    () ->
                                                            claimUntil(
                                                                    over,
                                                                    new Rows(100 + worker),
                                                                    "w" + worker + "-",
                                                                    promised)))
                            .toList();
            await(() -> promised.size() > 50);
            server.kill();
            server.startAgain();
            int atRestart = promised.size();
            await(() -> promised.size() > atRestart + 50);
            over.set(true);
            for (var done : work) {
                done.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(Set.copyOf(claims.allLive())).containsAll(promised);
    }

    @Test
    void aReadOnlyServerIsReadAndSaysSo() {
        var before = claimed(rows.claim("7"));
        server.readOnly(true);
        try {
            assertThatThrownBy(() -> claims.claim(List.of(rows.claim("8")), 5))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("it is read-only");
            assertThatThrownBy(database::ping).hasMessageContaining("it is read-only");
            assertThat(claims.live(before.owner(), PYTHON, Slot.DEFAULT)).isPresent();
        } finally {
            server.readOnly(false);
        }
        claimed(rows.claim("8"));
    }

    @Test
    void aSilentServerIsUnavailableInBoundedTime() {
        claimed(rows.claim("7"));
        long started = System.nanoTime();
        server.pause();
        try {
            assertThatThrownBy(() -> claims.claim(List.of(rows.claim("8")), 5))
                    .isInstanceOf(StoreUnavailable.class);
        } finally {
            server.resume();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isLessThan(Duration.ofSeconds(20));
        claimed(rows.claim("8"));
    }

    @Test
    void aWrongPasswordIsNamed() {
        var wrong = new DatabaseSettings(settings.url(), settings.user(), new Secret("no"), LIMITS);
        try (var other = new Database(wrong)) {
            assertThatThrownBy(other::migrate)
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("refuses user bridge")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aDeadlockIsRepeatedUntilItSucceeds() throws Exception {
        var one = claimed(rows.claim("7"));
        var two = claimed(rows.claim("8"));
        var first = one.id().compareTo(two.id()) < 0 ? one : two;
        var second = first == one ? two : one;
        var patient =
                new DatabaseSettings(
                        settings.url(),
                        settings.user(),
                        settings.password(),
                        DatabaseSettings.Limits.of(2));
        try (var ours = new Database(patient);
                var rival = server.rootConnection();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rival.setCatalog(settings.place().substring(settings.place().lastIndexOf('/') + 1));
            rival.setAutoCommit(false);
            // The one that wrote more rows wins.
            update(rival, "insert into language select concat('l', seq), 1 from seq_1_to_500");
            lock(rival, second);
            int deadlocks = deadlocks(rival);
            var fleet = new SqlFleet(ours);
            var lease = new SqlLease(ours).acquire("bridge-1", MINUTE).orElseThrow();
            var changes =
                    Rows.updating(
                            List.of(),
                            List.of(one.startEnding(BY_OWNER), two.startEnding(BY_OWNER)));
            var written = threads.submit(() -> fleet.commit(lease, changes));
            await(() -> written.isDone() || waitsForALock());
            lock(rival, first);
            assertThat(deadlocks(rival)).isEqualTo(deadlocks + 1);
            rival.rollback();
            assertThat(written.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(claims.find(first.id()).orElseThrow().allocation().version()).isEqualTo(1);
    }

    @Test
    void aCommitWhoseReplyIsLostCountsOnce() throws IOException {
        try (var proxy = new LossyProxy(serverPort());
                var behind = behind(proxy)) {
            var store = new SqlClaims(behind);
            var fleet = new SqlFleet(behind);
            var lease = new SqlLease(behind).acquire("bridge-1", MINUTE).orElseThrow();
            var wanted = rows.claim("7");

            proxy.loseTheNextCommitsReply();
            assertThat(store.claim(List.of(wanted), 5).getFirst()).contains(wanted);
            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(claims.allLive()).containsExactly(wanted.id());

            proxy.loseTheNextCommitsReply();
            var told = Rows.telling(List.of(Rows.event(wanted, Event.Phase.RETRYING, "again")));
            assertThat(fleet.commit(lease, told)).isTrue();
            assertThat(proxy.lost()).isEqualTo(2);

            proxy.loseTheNextCommitsReply();
            assertThat(store.startEnding(wanted.id(), BY_OWNER, NOW)).isPresent();
            assertThat(proxy.lost()).isEqualTo(3);
            assertThat(claims.events(wanted.id(), 0))
                    .extracting(Event::phase)
                    .containsExactly(Event.Phase.WAITING, Event.Phase.RETRYING, Event.Phase.ENDING);
        }
    }

    @Test
    void aChangeOfTheCatalogueWhoseReplyIsLostCountsOnce() throws IOException {
        try (var proxy = new LossyProxy(serverPort());
                var behind = behind(proxy)) {
            var store = new SqlImages(behind);
            var details =
                    new ImageDetails(
                            "Kotlin",
                            "kotlin",
                            new Image.Run("kotlinc", "", ""),
                            new Image.Size(500, 1024, Architecture.ARM64),
                            new BigDecimal("0.0123425"),
                            true);
            var known = store.entries();

            proxy.loseTheNextCommitsReply();
            var added = ((Written.Stored) store.add(details)).entry();
            assertThat(proxy.lost()).isEqualTo(1);

            proxy.loseTheNextCommitsReply();
            var next = new CatalogEntry(added.id(), 2, details, 1);
            assertThat(store.change(next)).isEqualTo(new Written.Stored(next));
            assertThat(proxy.lost()).isEqualTo(2);
            assertThat(store.entries()).hasSize(known.size() + 1).endsWith(next);
        }
    }

    private int serverPort() {
        var place = settings.place();
        return Integer.parseInt(
                place.substring(place.lastIndexOf(':') + 1, place.lastIndexOf('/')));
    }

    private Database behind(LossyProxy proxy) {
        return new Database(
                new DatabaseSettings(
                        settings.url().replace(":" + serverPort(), ":" + proxy.port()),
                        settings.user(),
                        settings.password(),
                        LIMITS));
    }

    private Allocation claimed(Allocation wanted) {
        return claims.claim(List.of(wanted), 5).getFirst().orElseThrow();
    }

    private void claimUntil(
            AtomicBoolean over, Rows own, String prefix, Set<AllocationId> promised) {
        for (int i = 0; !over.get(); i++) {
            try {
                promised.add(claimed(own.claim(prefix + i)).id());
            } catch (StoreUnavailable e) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }
    }

    private static void lock(Connection rival, Allocation allocation) throws SQLException {
        update(
                rival,
                "update allocation set failed_bindings = 9 where id = '" + allocation.id() + "'");
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static int deadlocks(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("show global status like 'Innodb_deadlocks'")) {
            result.next();
            return result.getInt(2);
        }
    }

    private static boolean waitsForALock() {
        try (var connection = server.rootConnection();
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "select count(*) from information_schema.innodb_trx where trx_state"
                                        + " = 'LOCK WAIT'")) {
            result.next();
            return result.getInt(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what was awaited did not happen")
                    .isLessThan(deadline);
            // The server's picture of its transactions stays as it is while it is read more often
            // than every 100 ms.
            LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
        }
    }
}
