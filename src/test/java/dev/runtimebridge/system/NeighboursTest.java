package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.DockerDaemon;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * What somebody in one container tries, and what their neighbours notice of it. All on one bridge,
 * each test between two new containers.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NeighboursTest {
    private static final int ECHOES = 100;
    private static final Duration ALWAYS_FORGIVEN = Duration.ofMillis(60);

    @TempDir private static Path folder;

    private final DockerDaemon daemon = DockerDaemon.shared();
    private BridgeProcess up;
    private int pairs;
    private UserOfTheApi alice;
    private UserOfTheApi mallory;
    private UserOfTheApi.Answer victims;
    private UserOfTheApi.Answer attackers;
    private OpenSsh attacker;
    private OpenSsh victim;

    @BeforeAll
    void oneBridge() throws Exception {
        daemon.images("python");
        up = BridgeProcess.upWithDocker(folder.resolve("data"), 0, daemon.host());
    }

    @BeforeEach
    void twoUsers() throws Exception {
        pairs++;
        alice = UserOfTheApi.of(up, "alice-" + pairs);
        mallory = UserOfTheApi.of(up, "mallory-" + pairs);
        victims = alice.launch();
        victim = ssh(alice, victims);
        attackers = mallory.launch();
        attacker = ssh(mallory, attackers);
        assertThat(attacker.run("true").status()).isZero();
    }

    @AfterEach
    void endBoth() throws Exception {
        assertThat(alice.stop(victims.text("id")).status()).isEqualTo(202);
        assertThat(mallory.stop(attackers.text("id")).status()).isEqualTo(202);
        while (!theirContainers().isBlank()) {
            Thread.onSpinWait();
        }
    }

    @AfterAll
    void endEverything() throws Exception {
        up.terminate();
        assertThat(up.awaitEnd().err()).isEmpty();
        up.close();
        assertThat(daemon.docker("ps", "--all", "--quiet")).isBlank();
    }

    private OpenSsh ssh(UserOfTheApi user, UserOfTheApi.Answer launched) throws IOException {
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
        return new OpenSsh(folder.resolve(launched.text("id")), login);
    }

    @Test
    void nothingThatIsNotTheirsAnswersThem() throws Exception {
        var neighbour = victims.text("url");
        cannotReach(neighbour, Integer.parseInt(victims.text("port")));
        cannotReach(neighbour, 22);
        cannotReach("169.254.169.254", 80);
        cannotReach("169.254.170.2", 80);
        var host = attacker.run("cat /proc/net/route").out();
        var gateway = gateway(host);
        try (var database = new ServerSocket(0, 8, InetAddress.getByName("0.0.0.0"));
                var loopback = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            cannotReach(gateway, database.getLocalPort());
            cannotReach(gateway, loopback.getLocalPort());
            cannotReach("127.0.0.1", loopback.getLocalPort());
        }
    }

    @Test
    void theBridgeAnswersAgentsAloneInThere() throws Exception {
        var bridge = URI.create(agentsBridge());
        for (var path :
                new String[] {"/healthz", "/readyz", "/api/runtimes/available", "/swagger", "/"}) {
            assertThat(status(bridge.resolve(path))).as(path).isEqualTo("404");
        }
        assertThat(status(bridge.resolve("/api/containers/info"))).isEqualTo("401");
    }

    @Test
    void theAgentIsOutOfReach() throws Exception {
        for (var secret :
                new String[] {
                    "cat /run/runtime-agent/identity.json",
                    "cat /run/runtime-agent/ssh_host_ed25519_key",
                    "ls /run/runtime-agent",
                    "ls /opt/runtime-agent",
                    "cat /etc/shadow",
                    "cat /proc/1/environ",
                    "cat /proc/$(pgrep java)/environ",
                    "cat /proc/$(pgrep java)/maps",
                    "head -c 1 /proc/$(pgrep java)/mem",
                    "ls /proc/$(pgrep java)/fd",
                    "kill $(pgrep java)",
                    "kill -9 $(pgrep -o sshd)",
                    "touch /etc/passwd",
                    "touch /usr/bin/mine",
                    "mount -t tmpfs none /mnt",
                    "chroot / true",
                    "unshare -r true && unshare -r mount -t tmpfs none /mnt"
                }) {
            assertThat(attacker.run(secret + " 2>/dev/null").status()).as(secret).isNotZero();
        }
        assertThat(attacker.run("pgrep -c java").out()).isEqualTo("1\n");
        assertThat(attacker.run("grep -E 'NoNewPrivs|CapEff' /proc/self/status").out())
                .isEqualTo("CapEff:\t0000000000000000\nNoNewPrivs:\t1\n");
        var readable =
                "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'"
                        + " | grep -c -i -e '[a]pi_key' -e '[p]assword'; true";
        assertThat(attacker.run(readable).out()).isEqualTo("0\n");
        var known =
                "grep -rIl '[a]pi_key' / --exclude-dir=proc --exclude-dir=sys 2>/dev/null | head";
        assertThat(attacker.run(known).out()).isEmpty();
    }

    @Test
    void aForkBombStaysAtHome() throws Exception {
        // Not on the channel's streams, which nobody would ever close.
        theVictimDoesNotNotice(
                "timeout 8 bash -c 'f() { f | f & }; f; sleep 7' >/dev/null 2>&1 </dev/null");
        assertThat(mallory.followUntil(attackers.text("id"), "noticed"))
                .contains("no further process could be started");
    }

    @Test
    void aBusyLoopStaysAtHome() throws Exception {
        theVictimDoesNotNotice(
                "for i in 1 2 3 4; do timeout 8 sh -c 'while :; do :; done' & done; wait");
    }

    @Test
    void whoTakesAllMemoryLosesTheProgramAndNothingElse() throws Exception {
        theVictimDoesNotNotice("python3 -c 'x = bytearray(2 << 30)'; [ $? = 137 ] && sleep 3");
        assertThat(attacker.run("python3 -c 'x = bytearray(2 << 30)' 2>/dev/null; echo $?").out())
                .contains("137\n");
        assertThat(attacker.run("echo still here").out()).isEqualTo("still here\n");
        assertThat(mallory.followUntil(attackers.text("id"), "noticed"))
                .contains("memory ran out, and a program was ended for it");
    }

    @Test
    void whatFillsTheContainersOwnDisksEndsThere() throws Exception {
        assertThat(attacker.run("dd if=/dev/zero of=/run/x bs=1M count=1 2>/dev/null").status())
                .isNotZero();
        assertThat(attacker.run("dd if=/dev/zero of=/dev/shm/x bs=1M count=600 2>&1; true").out())
                .contains("No space left on device");
        assertThat(victim.run("echo mine >note; cat note").out()).isEqualTo("mine\n");
    }

    private void theVictimDoesNotNotice(String attack) throws Exception {
        var quiet = p99();
        var running =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return attacker.run(attack);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        var loud = p99();
        assertThat(loud).isLessThan(quiet.multipliedBy(2).plus(ALWAYS_FORGIVEN));
        running.join();
        assertThat(victim.run("echo 42").out()).isEqualTo("42\n");
    }

    /** Of the time from a keystroke to its echo in the victim's shell. */
    private Duration p99() throws Exception {
        var terminal = victim.terminal(80, 24);
        try {
            var screen = new Screen(terminal);
            screen.type("PS1=; stty -echo; echo rea''dy; cat");
            screen.await("ready");
            var times = new long[ECHOES];
            for (int i = 0; i < ECHOES; i++) {
                var begun = System.nanoTime();
                screen.type("echo" + i + "-");
                screen.await("echo" + i + "-");
                times[i] = System.nanoTime() - begun;
            }
            Arrays.sort(times);
            return Duration.ofNanos(times[ECHOES * 99 / 100]);
        } finally {
            terminal.destroyForcibly();
        }
    }

    private void cannotReach(String host, int port) throws Exception {
        var knock = "timeout 2 bash -c '</dev/tcp/%s/%d' 2>/dev/null".formatted(host, port);
        assertThat(attacker.run(knock).status()).as(host + ":" + port).isNotZero();
    }

    /** The status that a GET from inside gets. */
    private String status(URI url) throws Exception {
        var get =
                "import urllib.request, urllib.error\n"
                        + "try: print(urllib.request.urlopen(\"%s\").status)\n"
                        + "except urllib.error.HTTPError as e: print(e.code)\n";
        return attacker.run("python3 -c '" + get.formatted(url) + "'").out().strip();
    }

    private String theirContainers() {
        return daemon.docker(
                "ps", "--all", "--quiet", "--filter", "ancestor=runtime-bridge/python");
    }

    /** Where the agents of this bridge call it. */
    private String agentsBridge() {
        var first = theirContainers().lines().findFirst().orElseThrow();
        return daemon.docker("inspect", "--format", "{{join .Config.Env \"\\n\"}}", first)
                .lines()
                .filter(line -> line.startsWith("AGENT_BRIDGE_URL="))
                .map(line -> line.substring("AGENT_BRIDGE_URL=".length()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The default route's gateway, out of {@code /proc/net/route}: hexadecimal, last byte first.
     */
    private static String gateway(String routes) {
        var hex =
                routes.lines()
                        .map(line -> line.split("\\s+"))
                        .filter(words -> words.length > 2 && words[1].equals("00000000"))
                        .map(words -> words[2])
                        .findFirst()
                        .orElseThrow();
        var address = Long.parseLong(hex, 16);
        return (address & 255)
                + "."
                + (address >> 8 & 255)
                + "."
                + (address >> 16 & 255)
                + "."
                + (address >> 24 & 255);
    }
}
