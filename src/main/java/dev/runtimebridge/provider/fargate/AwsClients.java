package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The SDK's clients, each made when it is first asked for, all over one pool of connections. None
 * repeats a call by itself: that is {@link AwsCalls}' to decide.
 */
final class AwsClients implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration IDLE_CONNECTIONS_KEPT = Duration.ofSeconds(30);
    static final Duration LONGEST_WAIT_FOR_MESSAGES = Duration.ofSeconds(5);
    private static final int MOST_CONNECTIONS = 64;

    private final FargateSettings settings;
    private final AwsCredentialsProvider credentials;
    private final SdkHttpClient http;
    private final Once<EcsClient> ecs;
    private final Once<Ec2Client> ec2;
    private final Once<SqsClient> sqs;
    private final Once<StsClient> sts;
    private final Once<IamClient> iam;

    AwsClients(FargateSettings settings) {
        this.settings = settings;
        this.credentials =
                settings.accessKey()
                        .<AwsCredentialsProvider>map(
                                key -> StaticCredentialsProvider.create(credentials(key)))
                        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        this.http =
                Apache5HttpClient.builder()
                        .maxConnections(MOST_CONNECTIONS)
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .connectionAcquisitionTimeout(settings.callTimeout())
                        .socketTimeout(longest(settings))
                        .connectionMaxIdleTime(IDLE_CONNECTIONS_KEPT)
                        .build();
        var usual = settings.callTimeout();
        ecs = new Once<>(() -> made(EcsClient.builder(), usual));
        ec2 = new Once<>(() -> made(Ec2Client.builder(), usual));
        sqs = new Once<>(() -> made(SqsClient.builder(), longest(settings)));
        sts = new Once<>(() -> made(StsClient.builder(), usual));
        iam = new Once<>(() -> made(IamClient.builder(), usual));
    }

    EcsClient ecs() {
        return ecs.get();
    }

    Ec2Client ec2() {
        return ec2.get();
    }

    /** Its calls may last longer than others': they wait for messages. */
    SqsClient sqs() {
        return sqs.get();
    }

    StsClient sts() {
        return sts.get();
    }

    IamClient iam() {
        return iam.get();
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(
            B builder, Duration timeout) {
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(
                        ClientOverrideConfiguration.builder()
                                .retryStrategy(AwsRetryStrategy.doNotRetry())
                                .apiCallAttemptTimeout(timeout)
                                .apiCallTimeout(timeout)
                                .build())
                .build();
    }

    private static Duration longest(FargateSettings settings) {
        return settings.callTimeout().plus(LONGEST_WAIT_FOR_MESSAGES);
    }

    private static AwsCredentials credentials(AccessKey key) {
        var secret = key.secret().reveal();
        return key.sessionToken().isPresent()
                ? AwsSessionCredentials.create(key.id(), secret, key.sessionToken().get().reveal())
                : AwsBasicCredentials.create(key.id(), secret);
    }

    @Override
    public void close() {
        http.close();
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    private static final class Once<T> {
        private final Supplier<T> maker;
        private @Nullable T made;

        Once(Supplier<T> maker) {
            this.maker = maker;
        }

        synchronized T get() {
            var known = made;
            if (known == null) {
                known = maker.get();
                made = known;
            }
            return known;
        }
    }
}
