package dev.runtimebridge.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.AgentDirectory.KnownAgent;
import dev.runtimebridge.auth.Caller;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageDetails;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.Claimer;
import dev.runtimebridge.launch.LaunchService;
import dev.runtimebridge.launch.LaunchSettings;
import dev.runtimebridge.launch.Waiting;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.testing.FakeCatalog;
import dev.runtimebridge.testing.FakeClaims;

import io.swagger.v3.oas.models.OpenAPI;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A really running API over real launch services on claims in memory. Tokens are {@code user:<id>};
 * the user admin is an administrator. Image 1 is python, 2 is switched off.
 */
final class TestApi implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final LaunchSettings LAUNCH =
            new LaunchSettings(Duration.ofSeconds(120), 5, 50, Duration.ofMillis(100));
    static final String PASSWORD = "sentinel-password";
    static final String HOST_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl t@h";

    final FakeClaims claims = new FakeClaims();
    final Waiting waiting = new Waiting(claims);
    final FakeCatalog images = images();
    final List<String> callsHome = new CopyOnWriteArrayList<>();
    volatile List<Readiness.Check> checks = List.of(Readiness.Check.ready("database"));
    volatile Optional<String> verifierDown = Optional.empty();
    final int port;

    private final ApiKeys apiKeys = new ApiKeys(new byte[32]);
    private final Sealer sealer =
            new Sealer("k1", Map.of("k1", new byte[32]), new SecureRandom(new byte[] {1}));
    private final Ids ids = new Ids(new SecureRandom());
    private final Claimer claimer;
    private final ApiServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestApi() {
        this(settings());
    }

    TestApi(ApiSettings settings) {
        this(settings, LAUNCH);
    }

    TestApi(ApiSettings settings, LaunchSettings launch) {
        this(settings, launch, true);
    }

    /** One that listens and does not answer yet. */
    static TestApi listening() {
        return new TestApi(settings(), LAUNCH, false);
    }

    private TestApi(ApiSettings settings, LaunchSettings launch, boolean answers) {
        claimer = new Claimer(claims, launch.mostPerUser());
        var catalog = new Catalog(images, Image::enabled);
        var clock = InstantSource.system();
        var launches =
                new LaunchService(
                        claims, claimer, catalog, waiting, () -> {}, ids, clock, launch, () -> 0);
        server =
                new ApiServer(
                        new Collaborators(
                                launches,
                                new Allocations(claims, waiting, () -> {}, clock),
                                catalog,
                                new CatalogAdmin(images, catalog),
                                this::verify,
                                this::agent,
                                (ref, ip) -> callsHome.add(ref + " from " + ip),
                                login -> sealer.open(login.container().value(), login.auth()),
                                () -> checks,
                                Optional.empty()),
                        settings);
        port = server.listen("127.0.0.1", 0);
        if (answers) {
            server.answer();
        }
    }

    /** Whoever waits is answered from now on. */
    void answer() {
        server.answer();
    }

    static ApiSettings settings() {
        return ApiSettings.defaults(
                List.of("https://ide.example"),
                List.of(),
                "admin",
                Duration.ofSeconds(120),
                Duration.ofSeconds(30));
    }

    private static FakeCatalog images() {
        var images = new FakeCatalog();
        var run = new Image.Run("python3", "", "");
        var size = new Image.Size(500, 512, Architecture.X86_64);
        var price = new BigDecimal("0.0123425");
        images.add(new ImageDetails("Python 3", "python", run, size, price, true));
        images.add(new ImageDetails("Go", "go", run, size, price, false));
        images.add(new ImageDetails("Shell", "shell", run, size, price, true));
        return images;
    }

    private Verdict verify(Secret token) {
        if (verifierDown.isPresent()) {
            return new Verdict.Unavailable(verifierDown.get());
        }
        if (!token.reveal().startsWith("user:")) {
            return new Verdict.Rejected("the token does not verify");
        }
        var user = token.reveal().substring("user:".length());
        return new Verdict.Accepted(
                new Caller(
                        new UserId(user),
                        Optional.of(user + "@b.c"),
                        user.equals("admin") ? Set.of("admin") : Set.of("reader"),
                        Optional.of(NOW),
                        NOW.plusSeconds(3600)));
    }

    private Optional<KnownAgent> agent(String hash) {
        return claims.allLive().stream()
                .flatMap(id -> claims.login(id).stream())
                .filter(login -> ApiKeys.hash(apiKeys.of(login.container())).equals(hash))
                .findFirst()
                .flatMap(
                        login ->
                                claims.byContainer(login.container())
                                        .map(
                                                claim ->
                                                        new KnownAgent(
                                                                new ContainerRef("ref"),
                                                                claim.address().orElseThrow(),
                                                                claim.allocation(),
                                                                login)));
    }

    /** Gives a claim a container; tells its API key. */
    String activate(AllocationId id) {
        var container = ids.container();
        var login =
                new Login(
                        container,
                        "together",
                        "password",
                        sealer.seal(container.value(), new Secret(PASSWORD)),
                        2222,
                        HOST_KEY);
        claims.activate(id, new Address("127.64.0.7", 8000), login, Instant.now());
        waiting.changed(Set.of(id));
        return key(container);
    }

    private String key(ContainerId container) {
        return apiKeys.of(container).reveal();
    }

    void end(AllocationId id, EndReason.Code code) {
        end(id, new EndReason(code, "because"));
    }

    void end(AllocationId id, EndReason why) {
        claims.end(id, why, Instant.now());
        waiting.changed(Set.of(id));
    }

    /** Launches without waiting; the claim's id. */
    AllocationId claim(String user, int image) throws Exception {
        var answer =
                send(
                        post("/api/containers/launch", "{\"image_id\":" + image + "}")
                                .header("Authorization", "Bearer user:" + user)
                                .header("Prefer", "respond-async"));
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(answer.body());
        }
        return new AllocationId(json(answer).get("id").asText());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    HttpRequest.Builder get(String path, String user) {
        return get(path).header("Authorization", "Bearer user:" + user);
    }

    HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(
                request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** Returns once this many claims were stored: the launch that stored the last one waits. */
    void awaitInserted(int count) {
        while (claims.inserted() < count) {
            Thread.onSpinWait();
        }
    }

    OpenAPI document() {
        return server.document();
    }

    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        claimer.close();
        client.close();
    }
}
