package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Requests that the SDK would not send. */
class RawRequestsTest {
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/ecs/aws4_request,"
                    + " SignedHeaders=host, Signature="
                    + "a".repeat(64);
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        http.close();
        aws.close();
    }

    @Test
    void anUnsignedRequestIsRefused() throws Exception {
        assertThat(send("", "{}").body()).contains("MissingAuthenticationTokenException");
    }

    @ParameterizedTest
    @CsvSource({
        "Credential=AKID,Credential=,IncompleteSignatureException",
        "AWS4-HMAC-SHA256,Bearer,IncompleteSignatureException",
        "Signature=a,Signature=g,IncompleteSignatureException",
        "eu-central-1,eu-west-1,InvalidSignatureException",
        "/ecs/,/ec2/,InvalidSignatureException",
        "20260101,20250101,InvalidSignatureException"
    })
    void aSignatureThatIsNotWellFormedOrForSomethingElseIsRefused(
            String part, String changed, String code) throws Exception {
        var answer = send(SIGNED.replace(part, changed), "{}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json",
                "[1]",
                "{\"count\": \"1\"}",
                "{\"count\": 1e99}",
                "{\"cluster\": 7}"
            })
    void whatIsNotOfTheRightTypeIsASerializationException(String body) throws Exception {
        var answer = send(SIGNED, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("SerializationException");
    }

    @Test
    void aRightlySignedRequestIsAnsweredAsAwsJson() throws Exception {
        var answer = send(SIGNED, "{\"cluster\": \"nowhere\"}");

        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/x-amz-json-1.1");
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(answer.body()).contains("\"__type\":\"ClusterNotFoundException\"");
    }

    private HttpResponse<String> send(String authorization, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(aws.emulator.endpoint())
                        .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RunTask")
                        .header("X-Amz-Date", "20260101T120000Z")
                        .POST(BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
