package dev.runtimebridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.MariaDbServer;
import dev.runtimebridge.testing.TestDatabases;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.List;
import java.util.Map;

/** With a long history in the tables, every read of the stores goes by a key. */
class MariaDbPlansTest {
    /** More than any of these reads may look at, far fewer than there are. */
    private static final long MOST_ROWS = 600;

    static final List<String> READS =
            List.of(
                    SqlClaims.LIVE,
                    SqlClaims.BY_ID,
                    SqlClaims.LIVE_OF,
                    SqlClaims.ENDED_OF,
                    SqlClaims.NEWEST_EVENTS.formatted("('id-1', 'id-2')"),
                    SqlClaims.EVENTS,
                    SqlClaims.LOGIN,
                    SqlClaims.ALL_LIVE,
                    ClaimWriter.LIVE_OF_USERS.formatted("('user-1', 'user-2', 'user-3')"),
                    SqlAgents.BY_API_KEY,
                    SqlFleet.RUNNING,
                    SqlFleet.KNOWN.formatted("('ref-1', 'ref-2')"),
                    SqlFleet.LIVE,
                    ViewReader.MOVING_CONTAINERS,
                    ViewReader.BOUND_CONTAINERS,
                    ViewReader.CONTAINERS_BY_REF.formatted("('ref-1', 'ref-2')"),
                    ViewReader.MOVING_ALLOCATIONS,
                    ViewReader.ALLOCATIONS_BY_CONTAINER.formatted("('id-1', 'id-2')"),
                    ViewReader.BATCHES,
                    SqlLive.ALL,
                    SqlLive.SOME.formatted("('id-1', 'id-2')"),
                    SqlLive.EVENTS.formatted("(1, 2)"),
                    SqlLive.EVENTS_AFTER.replace("id > ?", "id > 59990"));

    private static Database database;

    /** 20,000 allocations of 2,000 users, 20 of them live; each with a container and 3 events. */
    @BeforeAll
    static void fill() {
        database = new Database(MariaDbServer.shared().newDatabase(TestDatabases.limits()));
        database.migrate();
        database.write(
                Database.Lane.LOOPS,
                (handle, attempt) -> {
                    handle.execute(
                            "insert into batch (batch_key, provider, containers, image_id,"
                                + " image_name, language, revision, local_command, container_image,"
                                + " task_definition, cpu_millis, memory_mib, enabled, created_us)"
                                + " select concat('b-', seq), 'fake', 1, 1, 'Python', 'python', 1,"
                                + " '', '', '', 250, 512, 1, seq from seq_1_to_20000");
                    handle.execute(
                            "insert into container (id, image_id, revision, batch_key, ordinal,"
                                + " provider, state, ref, api_key_hash, requested_us) select"
                                + " concat('id-', seq), 1, 1, concat('b-', seq), 0, 'fake', if(seq"
                                + " > 19980, elt(1 + seq % 4, 'BOUND', 'READY', 'REQUESTED',"
                                + " 'STARTING'), 'STOPPED'), concat('ref-', seq), concat('hash-',"
                                + " seq), seq from seq_1_to_20000");
                    handle.execute(
                            "insert into allocation (id, owner, image_id, slot, state,"
                                + " container_id, created_us, ended_us) select concat('id-', seq),"
                                + " concat('user-', seq % 2000), 1, '', if(seq > 19980, elt(1 + seq"
                                + " % 3, 'WAITING', 'BINDING', 'ACTIVE'), 'ENDED'), concat('id-',"
                                + " seq), seq, if(seq > 19980, null, seq) from seq_1_to_20000");
                    handle.execute(
                            "insert into allocation_event (allocation_id, at_us, phase, detail)"
                                + " select concat('id-', 1 + seq % 20000), seq, 'WAITING', '' from"
                                + " seq_1_to_60000");
                    return handle.execute(
                            "analyze table allocation, container, batch, allocation_event");
                });
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @FieldSource("READS")
    void noReadScansATable(String sql) {
        for (var step : plan(sql)) {
            var type = String.valueOf(step.get("type"));
            assertThat(type).as("%s of %s", step, sql).isNotIn("ALL", "index");
            if (step.get("rows") != null) {
                assertThat(rows(step)).as("%s of %s", step, sql).isLessThan(MOST_ROWS);
            }
        }
    }

    /** MariaDB writes {@code 12 (3%)} where it filters by a second key. */
    private static long rows(Map<String, Object> step) {
        return Long.parseLong(String.valueOf(step.get("rows")).split(" ")[0]);
    }

    private static List<Map<String, Object>> plan(String sql) {
        // Constants as the bridge binds them, in the order of the marks.
        var text = sql.replace("a.owner = ?", "a.owner = 'user-1'");
        text = text.replace("a.image_id = ?", "a.image_id = 1").replace("limit ?", "limit 10");
        text = text.replace("id > ?", "id > 0").replace("?", "'id-1'");
        var explained = "explain " + text;
        return database.read(
                Database.Lane.LOOPS,
                (handle, attempt) -> handle.createQuery(explained).mapToMap().list());
    }
}
