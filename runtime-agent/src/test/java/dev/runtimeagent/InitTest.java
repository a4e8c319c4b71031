package dev.runtimeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class InitTest {
    private static final String KEY = FakeBridge.API_KEY;

    @TempDir Path folder;

    private final FakeBridge bridge = new FakeBridge();
    private RunningAgent agent;

    @BeforeEach
    void start() {
        agent = new RunningAgent(bridge, folder);
    }

    @AfterEach
    void close() {
        agent.close();
        bridge.close();
    }

    @Test
    void initAnswersTheCredentialsOfTheProtocol() throws Exception {
        var answer = agent.init(bridge.proof(), KEY);

        assertThat(answer.statusCode()).isEqualTo(200);
        var credentials = RunningAgent.json(answer);
        assertThat(credentials.at("/username").asText()).isEqualTo("together");
        assertThat(credentials.at("/auth_type").asText()).isEqualTo("password");
        assertThat(credentials.at("/auth").asText()).hasSize(32);
        assertThat(credentials.at("/ssh_port").asInt()).isEqualTo(2222);
        assertThat(credentials.at("/host_key").asText()).isEqualTo("ssh-ed25519 AAAA");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void pingTellsWhetherInitHappened() throws Exception {
        assertThat(RunningAgent.json(agent.get("/ping")).toString())
                .isEqualTo(
                        "{\"ping\":\"pong\",\"init\":false,\"key_status\":false,\"container\":\"container-1\"}");
        agent.init(bridge.proof(), KEY);
        assertThat(RunningAgent.json(agent.get("/ping")).at("/init").asBoolean()).isTrue();
    }

    @Test
    void theSameKeyAgainGetsTheSameAnswer() throws Exception {
        var first = agent.init(bridge.proof(), KEY).body();
        assertThat(agent.init(bridge.proof(), KEY).body()).isEqualTo(first);
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        agent.init(bridge.proof(), KEY);
        assertProblem(agent.init(bridge.proof(), "another"), 400);
        assertThat(agent.init(bridge.proof(), KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void ofManyKeysAtOnceExactlyOneWins() throws Exception {
        int callers = 16;
        var barrier = new CyclicBarrier(callers);
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                var key = "key-" + i;
                Callable<Integer> call =
                        () -> {
                            barrier.await();
                            return agent.init(bridge.proof(), key).statusCode();
                        };
                answers.add(threads.submit(call));
            }
        }
        var statuses = new ArrayList<Integer>();
        for (var answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).containsOnly(200, 400).containsOnlyOnce(200);
    }

    @Test
    void aRestartedAgentIsTheSameOne() throws Exception {
        var before = agent.init(bridge.proof(), KEY).body();
        agent.close();
        agent = new RunningAgent(bridge, folder);

        assertThat(RunningAgent.json(agent.get("/ping")).at("/init").asBoolean()).isTrue();
        assertThat(agent.init(bridge.proof(), KEY).body()).isEqualTo(before);
        assertProblem(agent.init(bridge.proof(), "another"), 400);
    }

    @Test
    void whatInitSettledIsReadableByTheAgentOnly() throws Exception {
        agent.init(bridge.proof(), KEY);
        var state = folder.resolve("state");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(state.resolve("identity.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyThatCannotBeKeptIsNotSettled() throws Exception {
        // a folder in the draft's place, since root may write through any permission
        var draft = Files.createDirectories(folder.resolve("state/identity.json.new/x"));
        assertProblem(agent.init(bridge.proof(), KEY), 503);
        assertThat(RunningAgent.json(agent.get("/ping")).at("/init").asBoolean()).isFalse();

        Files.delete(draft);
        assertThat(agent.init(bridge.proof(), "another").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAProofTheBodyIsNotLookedAt() throws Exception {
        assertProblem(agent.post("/init", "not json"), 401);
        assertThat(RunningAgent.json(agent.get("/ping")).at("/init").asBoolean()).isFalse();
    }

    @Test
    void everyForgedProofIsRefused() throws Exception {
        var foreign = FakeBridge.newKeys();
        var ours = Algorithm.RSA256(bridge.publicKey(), bridge.privateKey());
        var theirs =
                Algorithm.RSA256(
                        (RSAPublicKey) foreign.getPublic(), (RSAPrivateKey) foreign.getPrivate());
        var publicKeyAsSecret = Algorithm.HMAC256(bridge.publicKey().getEncoded());
        var publicKeyTextAsSecret = Algorithm.HMAC256(FakeBridge.bridgeKey());
        var good = claims(60);
        var forged =
                List.of(
                        "nonsense",
                        "a.b.c",
                        good.sign(theirs),
                        good.sign(publicKeyAsSecret),
                        good.sign(publicKeyTextAsSecret),
                        good.sign(Algorithm.none()),
                        claims(-31).sign(ours),
                        claims(3_600).sign(ours),
                        claims(60).withIssuer("somebody").sign(ours),
                        claims(60).withAudience("container-2").sign(ours),
                        JWT.create()
                                .withIssuer("runtime-bridge")
                                .withAudience(FakeBridge.CONTAINER)
                                .sign(ours),
                        claims(60).withNotBefore(Instant.now().plusSeconds(40)).sign(ours),
                        swapAlgorithm(bridge.proof()));
        for (var proof : forged) {
            assertProblem(agent.init(proof, KEY), 401);
        }
        assertThat(RunningAgent.json(agent.get("/ping")).at("/init").asBoolean()).isFalse();
    }

    @Test
    void aProofThatEndedWithinTheLeewayHolds() throws Exception {
        var ours = Algorithm.RSA256(bridge.publicKey(), bridge.privateKey());
        assertThat(agent.init(claims(-20).sign(ours), KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyWithoutAUsableKeyIsRefused() throws Exception {
        for (var body :
                List.of(
                        "",
                        "null",
                        "[]",
                        "{}",
                        "{\"api_key\": 5}",
                        "{\"api_key\": \"\"}",
                        "{\"api_key\": \"a\\nb\"}",
                        "{\"api_key\": \"" + "k".repeat(513) + "\"}",
                        "{\"api_key\": \"a\", \"api_key\": \"b\"}",
                        "{\"api_key\": \"a\"} {}",
                        "{\"api_key\": ")) {
            assertProblem(agent.post("/init", body, "X-Bridge-Proof", bridge.proof()), 400);
        }
    }

    private static JWTCreator.Builder claims(long endsInSeconds) {
        return JWT.create()
                .withIssuer("runtime-bridge")
                .withAudience(FakeBridge.CONTAINER)
                .withExpiresAt(Instant.now().plusSeconds(endsInSeconds));
    }

    private static String swapAlgorithm(String proof) {
        var header =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes());
        return header + proof.substring(proof.indexOf('.'));
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        var problem = RunningAgent.json(answer);
        assertThat(problem.at("/status").asInt()).isEqualTo(status);
        assertThat(problem.at("/error").asText())
                .isNotBlank()
                .isEqualTo(problem.at("/detail").asText());
        assertThat(problem.at("/title").asText()).isNotBlank();
        assertThat(problem.at("/type").asText()).isNotBlank();
    }
}
