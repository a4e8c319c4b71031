package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A Docker engine, or what speaks like one, at a socket. Connects when it is called. */
public final class Engine implements AutoCloseable {
    /** Where Docker listens unless {@code DOCKER_HOST} says otherwise. */
    public static final URI USUAL = URI.create("unix:///var/run/docker.sock");

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int MOST_CONNECTIONS = 64;

    private final URI host;
    private final DockerClient client;
    private volatile Optional<String> trouble = Optional.empty();

    private Engine(URI host, DockerClient client) {
        this.host = host;
        this.client = client;
    }

    /**
     * The engine at this address.
     *
     * @param host {@code unix:///var/run/docker.sock} or {@code tcp://10.0.0.7:2375}
     */
    public static Engine at(URI host) {
        return at(host, Duration.ofSeconds(60));
    }

    /**
     * The same, with a limit to how long it may be silent.
     *
     * @param silence while a call is under way
     */
    static Engine at(URI host, Duration silence) {
        var config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(host.toString())
                        .build();
        var http =
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .maxConnections(MOST_CONNECTIONS)
                        .connectionTimeout(CONNECT_LIMIT)
                        .responseTimeout(silence)
                        .build();
        return new Engine(host, DockerClientImpl.getInstance(config, http));
    }

    /** Why it did not answer the last call; empty when it did. */
    Optional<String> trouble() {
        return trouble;
    }

    URI host() {
        return host;
    }

    /**
     * Asks the engine.
     *
     * @param what is done, as in "could not (what)"
     * @throws ProviderException when it does not answer or does not do it; one of docker-java's own
     *     exceptions never leaves this room
     */
    <T> T call(String what, Function<DockerClient, T> call) {
        try {
            var answer = call.apply(client);
            trouble = Optional.empty();
            return answer;
        } catch (DockerException | DockerClientException e) {
            throw Refusals.of(what, e);
        } catch (RuntimeException e) {
            if (e instanceof ProviderException || !unanswered(e)) {
                throw e;
            }
            var why = silent(e);
            trouble = Optional.of(why.text());
            throw ProviderException.repeatable(why, e);
        }
    }

    private Cause silent(Throwable fault) {
        return new Cause(
                        Kind.INFRASTRUCTURE,
                        "the Docker engine at "
                                + host
                                + " does not answer ("
                                + Refusals.innermost(fault)
                                + ")")
                .hint("start Docker, or correct DOCKER_HOST");
    }

    private static boolean unanswered(Throwable fault) {
        for (var each = fault; each != null; each = each.getCause()) {
            if (each instanceof IOException || each instanceof UncheckedIOException) {
                return true;
            }
        }
        return false;
    }

    /**
     * What answers.
     *
     * @param architecture of its machine, as Java has it: {@code amd64}, {@code aarch64}
     */
    public record About(String version, String architecture) {}

    /**
     * Asks the engine who it is.
     *
     * @throws ProviderException when none answers
     */
    public About about() {
        return call(
                "ask the engine for its version",
                docker -> {
                    var version = docker.versionCmd().exec();
                    var arch = version.getArch();
                    return new About(version.getVersion(), "arm64".equals(arch) ? "aarch64" : arch);
                });
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the connection to " + host + " does not close", e);
        }
    }
}
