package dev.runtimebridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class EnvExampleTest {
    private static final Path EXAMPLE = Path.of("..", ".env.example");

    @Test
    void theExampleIsWhatTheCodeKnows() throws IOException {
        var expected = Path.of("..", "target", "bridge", "env.example");
        Files.createDirectories(expected.getParent());
        Files.writeString(expected, EnvExample.text());
        assertThat(Files.exists(EXAMPLE) ? Files.readString(EXAMPLE) : "")
                .as(".env.example has drifted: cp target/bridge/env.example .env.example")
                .isEqualTo(EnvExample.text());
    }

    @Test
    void everyKeyIsExplainedOnce() throws IllegalAccessException {
        var declared = new ArrayList<Key<?>>();
        var fields =
                Stream.of(
                                Keys.class,
                                UserKeys.class,
                                DockerKeys.class,
                                FargateKeys.class,
                                GatewayKeys.class)
                        .map(Class::getDeclaredFields)
                        .flatMap(Stream::of)
                        .toList();
        for (var field : fields) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Key.class) {
                declared.add((Key<?>) field.get(null));
            }
        }
        var explained = Keys.byHeading().values().stream().flatMap(List::stream).toList();
        assertThat(explained).doesNotHaveDuplicates().hasSameElementsAs(declared);
        assertThat(explained).allSatisfy(key -> assertThat(key.meaning()).endsWith("."));
    }

    @Test
    void everyDefaultIsOfItsKind() {
        for (var keys : Keys.byHeading().values()) {
            for (var key : keys) {
                key.fallback().ifPresent(key.kind().reader()::apply);
            }
        }
    }
}
