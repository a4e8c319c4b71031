package dev.runtimebridge.provider.docker;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.testing.DockerDaemon;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A provider of an installation of its own, on the daemon of the tests. */
final class DockerRig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(5);

    final DockerDaemon daemon = DockerDaemon.shared();
    final BridgeKey key = BridgeKey.generate(new SecureRandom());
    private final String installation =
            "t" + UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    private final DockerProvider provider;

    DockerRig() {
        this(Optional.empty());
    }

    DockerRig(Optional<String> subnet) {
        this(DockerDaemon.shared().host(), subnet);
    }

    DockerRig(URI host, Optional<String> subnet) {
        daemon.images();
        provider =
                DockerProvider.open(
                        new DockerSettings(
                                host,
                                installation,
                                RuntimeImages.PREFIX + RuntimeImages.BASE,
                                subnet,
                                8000,
                                () -> URI.create("http://127.0.0.1:1"),
                                Map.of("AGENT_BRIDGE_KEY", key.forAgents()),
                                GRACE),
                        InstantSource.system());
    }

    /** Puts all homes on a disk of this many MiB; before the first container. */
    void homesOn(int mebibytes) {
        daemon.docker(
                "volume",
                "create",
                "--opt=type=tmpfs",
                "--opt=device=tmpfs",
                "--opt=o=size=" + mebibytes + "m",
                new Names(installation).homes());
    }

    DockerProvider provider() {
        return provider;
    }

    Observation look(ContainerRef ref) {
        return provider.observe(List.of(ref)).get(ref);
    }

    /** Waits until the agent answers. */
    Address reach(ContainerRef ref) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var seen = look(ref);
            if (seen instanceof Observation.Reachable(var address, _) && answers(address)) {
                return address;
            }
            if (seen instanceof Observation.Gone(var cause) || System.nanoTime() > deadline) {
                throw new AssertionError(seen);
            }
            pause();
        }
    }

    private static boolean answers(Address address) {
        try {
            var connection = URI.create("http://" + address + "/ping").toURL().openConnection();
            connection.setConnectTimeout((int) PATIENCE.toMillis());
            connection.setReadTimeout((int) PATIENCE.toMillis());
            connection.getInputStream().close();
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    static void pause() {
        try {
            var _ = new CountDownLatch(1).await(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a shell's command as the user, in the home. */
    String inside(ContainerRef ref, String command) {
        return daemon.docker(
                "exec", "-u", "together", "-w", "/home/together", ref.value(), "sh", "-c", command);
    }

    /** What the engine still has of this installation, homes apart. */
    List<String> leftovers() {
        var filter = "label=" + Names.MARK + "=" + installation;
        return (daemon.docker("ps", "-aq", "--filter", filter)
                        + daemon.docker("network", "ls", "-q", "--filter", filter))
                .lines()
                .toList();
    }

    @Override
    public void close() {
        provider.owned().forEach(ref -> provider.stop(ref, "the test is over"));
        provider.retire();
        provider.close();
    }
}
