package dev.runtimeagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runtimeagent.FakeBridge;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

class AgentSettingsTest {
    @Test
    void theRestHasDefaults() {
        var settings = AgentSettings.from(required());

        assertThat(settings.container()).isEqualTo("c1");
        assertThat(settings.bridgeUrl()).hasToString("http://127.0.0.1:8080");
        assertThat(settings.address().getHostAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(8000);
        assertThat(settings.ssh()).isEqualTo(SshKind.EMBEDDED);
        assertThat(settings.sshPort()).isEqualTo(2222);
        assertThat(settings.user()).isEqualTo("together");
        assertThat((Object) settings.workspace()).isEqualTo(Path.of("/home/u/workspace"));
        assertThat((Object) settings.shell()).isEqualTo(Path.of("/bin/bash"));
        assertThat(settings.sourceUrl()).isEmpty();
        assertThat(settings.allowedOrigins().origins()).isEmpty();
    }

    @Test
    void everythingCanBeSet() {
        var all = required();
        all.put("AGENT_ADDRESS", "127.64.0.7");
        all.put("AGENT_PORT", "8001");
        all.put("AGENT_SSH", "openssh");
        all.put("AGENT_SSH_PORT", "22");
        all.put("AGENT_USER", "ada");
        all.put("AGENT_WORKSPACE", "/usr/src/app");
        all.put("AGENT_SHELL", "/bin/sh");
        all.put("AGENT_SOURCE_URL", "https://ide.example.org/api/{course_id}/{lesson_id}");
        all.put("ALLOWED_ORIGINS", "https://ide.example.org, http://localhost:3000/,");

        var settings = AgentSettings.from(all);

        assertThat(settings.address().getHostAddress()).isEqualTo("127.64.0.7");
        assertThat(settings.port()).isEqualTo(8001);
        assertThat(settings.ssh()).isEqualTo(SshKind.OPENSSH);
        assertThat(settings.sshPort()).isEqualTo(22);
        assertThat(settings.user()).isEqualTo("ada");
        assertThat((Object) settings.workspace()).isEqualTo(Path.of("/usr/src/app"));
        assertThat((Object) settings.shell()).isEqualTo(Path.of("/bin/sh"));
        assertThat(settings.sourceUrl().orElseThrow().fields())
                .containsExactly("course_id", "lesson_id");
        assertThat(settings.allowedOrigins().allow("https://ide.example.org")).isTrue();
        assertThat(settings.allowedOrigins().allow("http://localhost:3000")).isTrue();
        assertThat(settings.allowedOrigins().allow("https://evil.example.org")).isFalse();
    }

    @Test
    void whatIsMissingIsNamedTogether() {
        var faults = faults(Map.of());
        assertThat(faults.faults())
                .extracting(fault -> fault.split(" ", 2)[0])
                .containsExactly(
                        "AGENT_CONTAINER",
                        "AGENT_BRIDGE_KEY",
                        "AGENT_BRIDGE_URL",
                        "AGENT_HOME",
                        "AGENT_STATE");
    }

    @Test
    void whatIsWrongIsNamedTogether() throws Exception {
        var wrong = required();
        wrong.put("AGENT_BRIDGE_KEY", publicKey("EC", 256));
        wrong.put("AGENT_BRIDGE_URL", "127.0.0.1:8080");
        wrong.put("AGENT_ADDRESS", "localhost");
        wrong.put("AGENT_PORT", "65536");
        wrong.put("AGENT_SSH", "dropbear");
        wrong.put("AGENT_HOME", "relative");
        wrong.put("AGENT_SOURCE_URL", "https://{course_id}.example.org/");
        wrong.put("ALLOWED_ORIGINS", "*");
        assertThat(faults(wrong).faults())
                .extracting(fault -> fault.split(" ", 2)[0])
                .containsExactly(
                        "AGENT_BRIDGE_KEY",
                        "AGENT_BRIDGE_URL",
                        "AGENT_ADDRESS",
                        "AGENT_PORT",
                        "AGENT_SSH",
                        "AGENT_HOME",
                        "AGENT_SOURCE_URL",
                        "ALLOWED_ORIGINS");
    }

    @Test
    void aFaultSaysWhatToSet() {
        var wrong = required();
        wrong.put("AGENT_PORT", "many");
        assertThat(faults(wrong))
                .hasMessage("AGENT_PORT is \"many\"; set it to a port number, 0 to 65535");
    }

    @Test
    void aBridgeKeyIsNeitherSmallNorHuge() throws Exception {
        for (int bits : new int[] {1024, 4104}) {
            var wrong = required();
            wrong.put("AGENT_BRIDGE_KEY", publicKey("RSA", bits));
            assertThat(faults(wrong))
                    .hasMessageContaining("the base64 of an RSA SubjectPublicKeyInfo");
        }
        var large = required();
        large.put("AGENT_BRIDGE_KEY", publicKey("RSA", 4096));
        assertThat(AgentSettings.from(large).bridgeKey().getModulus().bitLength()).isEqualTo(4096);
    }

    private static String publicKey(String type, int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(type);
        generator.initialize(bits);
        return Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    }

    private static InvalidSettings faults(Map<String, String> variables) {
        return catchThrowableOfType(InvalidSettings.class, () -> AgentSettings.from(variables));
    }

    private static Map<String, String> required() {
        var variables = new HashMap<String, String>();
        variables.put("AGENT_CONTAINER", "c1");
        variables.put("AGENT_BRIDGE_KEY", FakeBridge.bridgeKey());
        variables.put("AGENT_BRIDGE_URL", "http://127.0.0.1:8080/");
        variables.put("AGENT_HOME", "/home/u");
        variables.put("AGENT_STATE", "/var/agent");
        return variables;
    }
}
