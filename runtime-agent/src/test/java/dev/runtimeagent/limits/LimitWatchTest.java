package dev.runtimeagent.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimeagent.bridge.Limit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Files as both of the kernel's interfaces have them; a real container's are in NeighboursTest. */
@Timeout(30)
class LimitWatchTest {
    @TempDir private Path cgroup;

    private final Heard heard = new Heard();

    /** Hears from the second time on, as a bridge does that has initialised the agent meanwhile. */
    private static final class Heard implements LimitWatch.Told {
        private final LinkedBlockingQueue<String> all = new LinkedBlockingQueue<>();
        private boolean asked;

        @Override
        public synchronized boolean reached(Limit limit, long times) {
            if (!asked) {
                asked = true;
                return false;
            }
            all.add(limit + " " + times);
            return true;
        }
    }

    @Test
    void whatWasReachedIsToldUntilItIsHeardAndThenNotAgainAtOnce() throws Exception {
        Files.writeString(cgroup.resolve("memory.events"), "low 0\noom 5\noom_kill 3\n");
        Files.writeString(cgroup.resolve("pids.events"), "max 0\n");
        try (var _ = new LimitWatch(cgroup, heard)) {
            assertThat(heard.all.poll(10, TimeUnit.SECONDS)).isEqualTo("MEMORY 3");
            Files.writeString(cgroup.resolve("memory.events"), "oom_kill 4\n");
            Files.writeString(cgroup.resolve("pids.events"), "max 7\n");
            assertThat(heard.all.poll(10, TimeUnit.SECONDS)).isEqualTo("PROCESSES 7");
            assertThat(heard.all).isEmpty();
        }
    }

    @Test
    void bothInterfacesOfTheKernelAreRead() throws Exception {
        var counters = new Counters(cgroup);
        assertThat(counters.of(Limit.MEMORY)).isZero();
        assertThat(counters.of(Limit.PROCESSES)).isZero();
        Files.createDirectories(cgroup.resolve("memory"));
        Files.createDirectories(cgroup.resolve("pids"));
        Files.writeString(
                cgroup.resolve("memory/memory.oom_control"),
                "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        Files.writeString(cgroup.resolve("pids/pids.events"), "max 9\n");
        assertThat(counters.of(Limit.MEMORY)).isEqualTo(2);
        assertThat(counters.of(Limit.PROCESSES)).isEqualTo(9);
        Files.writeString(cgroup.resolve("pids/pids.events"), "what else\n");
        assertThat(counters.of(Limit.PROCESSES)).isZero();
    }
}
