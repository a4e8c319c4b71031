package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What containers stand on: their network, the rules that keep them from each other, from the
 * engine's machine and from a cloud's metadata, and the volume of homes. Made when first needed.
 */
final class Ground {
    private final Engine engine;
    private final Names names;
    private final DockerSettings settings;
    private final Homes homes;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made made;

    Ground(Engine engine, Names names, DockerSettings settings, Homes homes) {
        this.engine = engine;
        this.names = names;
        this.settings = settings;
        this.homes = homes;
    }

    /**
     * What there is now.
     *
     * @param bridgeUrl which the rules let containers call
     * @param homes where the engine's machine has the volume of homes
     */
    record Made(URI bridgeUrl, String homes) {}

    /** Makes what is missing. Cheap when nothing is. */
    Made made() {
        var url = settings.bridgeUrl().get();
        var there = made;
        if (there != null && there.bridgeUrl.equals(url)) {
            return there;
        }
        making.lock();
        try {
            gateway();
            guard("protect", url);
            there = new Made(url, homes.open());
            made = there;
            return there;
        } finally {
            making.unlock();
        }
    }

    /** Something failed: what stood may not stand any more. */
    void doubt() {
        made = null;
    }

    /** The engine's machine as containers see it: an address of their network. */
    String gateway() {
        return engine.call(
                "make the containers' network " + names.network(),
                docker -> {
                    try {
                        return gatewayOf(docker);
                    } catch (NotFoundException e) {
                        create(docker);
                        return gatewayOf(docker);
                    }
                });
    }

    private String gatewayOf(DockerClient docker) {
        var network = docker.inspectNetworkCmd().withNetworkId(names.network()).exec();
        return network.getIpam().getConfig().getFirst().getGateway();
    }

    private void create(DockerClient docker) {
        var order =
                docker.createNetworkCmd()
                        .withName(names.network())
                        .withDriver("bridge")
                        .withCheckDuplicate(true)
                        .withLabels(names.mark())
                        .withOptions(
                                Map.of(
                                        "com.docker.network.bridge.enable_icc",
                                        "false",
                                        "com.docker.network.bridge.name",
                                        names.device()));
        settings.subnet()
                .ifPresent(
                        subnet ->
                                order.withIpam(
                                        new Network.Ipam()
                                                .withConfig(
                                                        new Network.Ipam.Config()
                                                                .withSubnet(subnet))));
        try {
            order.exec();
        } catch (ConflictException e) {
            // Another bridge of this installation was faster.
        }
    }

    /** Takes all of it away again, except for what users keep. */
    void dismantle() {
        guard("open", settings.bridgeUrl().get());
        homes.close();
        engine.call(
                "remove the containers' network",
                docker -> {
                    try {
                        docker.removeNetworkCmd(names.network()).exec();
                    } catch (NotFoundException e) {
                        // It never was made.
                    }
                    return names;
                });
        made = null;
    }

    /**
     * Runs {@code guard} of the base image on the engine's machine's network: only there are the
     * rules that count, and whoever may use the engine may do so, root or not.
     */
    private void guard(String what, URI url) {
        var host = Objects.requireNonNullElse(url.getHost(), "127.0.0.1");
        var port = Integer.toString(url.getPort() < 0 ? 80 : url.getPort());
        var ending =
                engine.call(
                        "set the rules of the containers' network",
                        docker -> {
                            Containers.removeIfThere(docker, names.guard());
                            var id =
                                    docker.createContainerCmd(settings.helperImage())
                                            .withName(names.guard())
                                            .withLabels(names.mark())
                                            .withEntrypoint("/opt/runtime-agent/bin/guard")
                                            .withCmd(what, names.device(), host, port)
                                            .withHostConfig(
                                                    HostConfig.newHostConfig()
                                                            .withNetworkMode("host")
                                                            .withCapDrop(Capability.ALL)
                                                            .withCapAdd(
                                                                    Capability.NET_ADMIN,
                                                                    Capability.NET_RAW))
                                            .exec()
                                            .getId();
                            try {
                                docker.startContainerCmd(id).exec();
                                return Endings.await(docker, id);
                            } finally {
                                Containers.removeIfThere(docker, id);
                            }
                        });
        if (ending.status() != 0) {
            throw ProviderException.lasting(
                    new Cause(
                                    Kind.CONFIGURATION,
                                    "the containers' network cannot be closed off: "
                                            + ending.lastLine())
                            .hint(
                                    "use an engine that keeps its rules in iptables, as Docker does"
                                            + " unless told otherwise"),
                    null);
        }
    }
}
