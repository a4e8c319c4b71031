package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.emulator.wire.Calls;
import dev.runtimebridge.secret.BridgeProof;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A model of how the first bridge launched, to compare with: each request for itself, by sleeping
 * and asking again. It gives a launch up where that one gave up.
 */
final class FirstBridge {
    private static final String CLUSTER = "bridge";
    private static final int LOOKS = 20;
    private static final int PINGS = 300;
    private static final int INITS = 3;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final EcsClient ecs;
    private final Ec2Client ec2;
    private final HttpClient http;

    private FirstBridge(EcsClient ecs, Ec2Client ec2, HttpClient http) {
        this.ecs = ecs;
        this.ec2 = ec2;
        this.http = http;
    }

    /**
     * So many launches at once on an account of their own; tells what became of them. Returns when
     * each user was served, in seconds, sorted.
     */
    static List<Double> run(int count) throws InterruptedException {
        var clock = new ScaledClock(1, InstantSource.system());
        var agents = new StubAgents(clock, FargateRun.AGENT_PORT);
        var emulator = Emulator.start(FargateRun.script(1), clock, agents, 0);
        var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
        try (var ecs = client(EcsClient.builder(), emulator);
                var ec2 = client(Ec2Client.builder(), emulator);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var bridge = new FirstBridge(ecs, ec2, http);
            var served = new ConcurrentSkipListSet<Double>();
            long from = System.nanoTime();
            for (int i = 0; i < count; i++) {
                threads.submit(
                        () -> {
                            if (bridge.launch()) {
                                served.add((System.nanoTime() - from) / 1e9);
                            }
                            return null;
                        });
            }
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.MINUTES);
            var counts = emulator.calls().counts().values();
            System.out.printf(
                    "the first bridge's loop, %d at once: %d served, the last after %.1f s; %.1f"
                            + " calls per launch, %d of them throttled; %d tasks started%n",
                    count,
                    served.size(),
                    served.isEmpty() ? 0 : served.last(),
                    counts.stream().mapToLong(Calls.Count::all).sum() / (double) count,
                    counts.stream().mapToLong(Calls.Count::throttled).sum(),
                    emulator.ledger().started().size());
            return List.copyOf(served);
        } finally {
            http.shutdownNow();
            emulator.close();
            agents.close();
            clock.close();
        }
    }

    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, Emulator emulator) {
        return builder.endpointOverride(emulator.endpoint())
                .region(Region.of(emulator.script().scenario().region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("AKIAEMULATED", "none")))
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(200))
                .build();
    }

    /** One launch. Returns whether the user got a container. */
    boolean launch() throws InterruptedException {
        try {
            ecs.describeClusters(which -> which.clusters(CLUSTER));
            var ran =
                    ecs.runTask(
                            run ->
                                    run.cluster(CLUSTER)
                                            .taskDefinition("workspace:1")
                                            .launchType(LaunchType.FARGATE)
                                            .count(1)
                                            .networkConfiguration(
                                                    network ->
                                                            network.awsvpcConfiguration(
                                                                    vpc ->
                                                                            vpc.subnets("subnet-a")
                                                                                    .securityGroups(
                                                                                            "sg-agents")
                                                                                    .assignPublicIp(
                                                                                            AssignPublicIp
                                                                                                    .ENABLED))));
            if (ran.tasks().isEmpty()) {
                return false;
            }
            var arn = ran.tasks().getFirst().taskArn();
            var address = address(arn);
            return address != null && ping(address) && init(address, arn);
        } catch (SdkException e) {
            return false; // one AWS error ended the launch, and the whole server at first
        }
    }

    private String address(String arn) throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            Thread.sleep(Duration.ofMillis(500 + 200L * i));
            var tasks = ecs.describeTasks(which -> which.cluster(CLUSTER).tasks(arn)).tasks();
            var networkInterface =
                    tasks.stream().findFirst().flatMap(FirstBridge::networkInterface);
            if (networkInterface.isEmpty()) {
                continue;
            }
            var found =
                    ec2.describeNetworkInterfaces(
                                    which -> which.networkInterfaceIds(networkInterface.get()))
                            .networkInterfaces();
            if (!found.isEmpty() && found.getFirst().privateIpAddress() != null) {
                return found.getFirst().privateIpAddress();
            }
        }
        return null;
    }

    private static Optional<String> networkInterface(Task task) {
        return task.attachments().stream()
                .flatMap(attachment -> attachment.details().stream())
                .filter(detail -> detail.name().equals("networkInterfaceId"))
                .map(detail -> detail.value())
                .findFirst();
    }

    private boolean ping(String address) throws InterruptedException {
        for (int i = 0; i < PINGS; i++) {
            Thread.sleep(Duration.ofMillis(500 + 100L * i));
            if (ask(HttpRequest.newBuilder(at(address, "/ping")))) {
                return true;
            }
        }
        return false;
    }

    private boolean init(String address, String arn) throws InterruptedException {
        for (int i = 0; i < INITS; i++) {
            var request =
                    HttpRequest.newBuilder(at(address, "/init"))
                            .header("Content-Type", "application/json")
                            .header(BridgeProof.HEADER, proof(arn))
                            .POST(BodyPublishers.ofString("{\"api_key\": \"model\"}"));
            if (ask(request)) {
                return true;
            }
        }
        return false;
    }

    /** The first bridge had none; the emulator's agents want one, and believe it. */
    private static String proof(String arn) {
        var claims = "{\"aud\": \"" + arn + "\"}";
        return "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".";
    }

    private boolean ask(HttpRequest.Builder request) throws InterruptedException {
        try {
            var answer = http.send(request.timeout(ANSWER).build(), BodyHandlers.discarding());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private URI at(String address, String path) {
        return URI.create("http://" + address + ":" + FargateRun.AGENT_PORT + path);
    }
}
