package dev.runtimeagent.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.sshd.common.NamedResource;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class AlgorithmsTest {
    @TempDir Path folder;

    @Test
    void openSshAgreesOnEachOneThatIsOffered() {
        try (var ssh = new SshFixture(folder)) {
            for (var kind : offered().entrySet()) {
                for (var name : kind.getValue()) {
                    var outcome =
                            ssh.ssh(
                                    "-o",
                                    kind.getKey() + "=" + name,
                                    "-o",
                                    "Ciphers=aes128-ctr", // one that needs a MAC
                                    SshFixture.USER + "@127.0.0.1",
                                    "echo in");
                    assertThat(outcome.output())
                            .as(kind.getKey() + " " + name + ": " + outcome.errors())
                            .isEqualTo("in\n");
                }
            }
        }
    }

    private static Map<String, List<String>> offered() {
        JdkProvider.register();
        var server = new SshServer();
        Algorithms.offer(server);
        var offered = new HashMap<String, List<String>>();
        offered.put("KexAlgorithms", names(server.getKeyExchangeFactories()));
        offered.put("Ciphers", names(server.getCipherFactories()));
        offered.put("MACs", names(server.getMacFactories()));
        offered.put("Compression", List.of("yes", "no"));
        return offered;
    }

    private static List<String> names(List<? extends NamedResource> factories) {
        return factories.stream().map(NamedResource::getName).toList();
    }
}
