package dev.runtimeagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class TaskMetadataTest {
    private static final String ARN =
            "arn:aws:ecs:eu-central-1:123456789012:task/bridge/0123456789abcdef0123456789abcdef";
    private HttpServer endpoint;

    @BeforeEach
    void listen() throws Exception {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.start();
    }

    @AfterEach
    void close() {
        endpoint.stop(0);
    }

    @Test
    void aTaskOnEcsIsNamedByItsArn() {
        answers(200, "{\"Cluster\": \"bridge\", \"TaskARN\": \"" + ARN + "\"}");

        assertThat(TaskMetadata.complete(variables())).containsEntry("AGENT_CONTAINER", ARN);
    }

    @Test
    void aContainerThatIsNamedAsksNobody() {
        var named =
                Map.of(
                        "AGENT_CONTAINER",
                        "c1",
                        "ECS_CONTAINER_METADATA_URI_V4",
                        "http://127.0.0.1:1/v4/x");

        assertThat(TaskMetadata.complete(named)).isEqualTo(named);
    }

    @Test
    void elsewhereNothingIsAsked() {
        assertThat(TaskMetadata.complete(Map.of())).isEmpty();
    }

    @Test
    void whatTheEndpointDoesNotTellIsSaidInOneLine() {
        answers(200, "{}");
        assertUnreadable("names no TaskARN");
    }

    @Test
    void anAnswerThatIsNotJsonIsSaidToBeThat() {
        answers(200, "<html>");
        assertUnreadable("not JSON");
    }

    @Test
    void anErrorOfTheEndpointIsTold() {
        answers(500, "");
        assertUnreadable("answers 500");
    }

    @Test
    void anEndpointThatIsNotThereIsTold() {
        endpoint.stop(0);
        assertUnreadable("refused");
    }

    private void assertUnreadable(String why) {
        assertThatThrownBy(() -> TaskMetadata.complete(variables()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("metadata at http://")
                .hasMessageContaining(why);
    }

    private Map<String, String> variables() {
        return Map.of(
                "ECS_CONTAINER_METADATA_URI_V4",
                "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/v4/task-1");
    }

    private void answers(int status, String text) {
        endpoint.createContext(
                "/v4/task-1/task",
                exchange -> {
                    var body = text.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
    }
}
