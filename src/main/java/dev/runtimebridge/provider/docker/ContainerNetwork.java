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

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network that an installation's containers share, and the rules that keep them from each
 * other, from the engine's machine and from a cloud's metadata.
 */
final class ContainerNetwork {
    private static final int HTTP = 80;

    private final Engine engine;
    private final Names names;
    private final String helperImage;
    private final Optional<String> subnet;
    private final ReentrantLock opening = new ReentrantLock();
    private Set<URI> opened = Set.of();

    ContainerNetwork(Engine engine, Names names, String helperImage, Optional<String> subnet) {
        this.engine = engine;
        this.names = names;
        this.helperImage = helperImage;
        this.subnet = subnet;
    }

    /** The engine's machine as containers see it: an address of their network, made if need be. */
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
        subnet.ifPresent(
                wanted ->
                        order.withIpam(
                                new Network.Ipam()
                                        .withConfig(new Network.Ipam.Config().withSubnet(wanted))));
        try {
            order.exec();
        } catch (ConflictException e) {
            // Another one of this installation was faster.
        }
    }

    /**
     * Lets containers call what these texts name at the gateway, beside what they may call already.
     *
     * @param texts those that are no addresses of the gateway say nothing
     */
    void letThrough(Collection<String> texts) {
        opening.lock();
        try {
            var all = new HashSet<>(opened);
            var gateway = gateway();
            texts.forEach(text -> at(gateway, text).ifPresent(all::add));
            if (all.size() > opened.size()) {
                protect(all);
                opened = Set.copyOf(all);
            }
        } finally {
            opening.unlock();
        }
    }

    private static Optional<URI> at(String address, String text) {
        try {
            var named = new URI(text);
            return address.equals(named.getHost())
                    ? Optional.of(URI.create("http://" + named.getHost() + ":" + port(named)))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? HTTP : url.getPort();
    }

    /**
     * Sets the rules anew.
     *
     * @param doors all that containers may call on the engine's machine
     */
    void protect(Collection<URI> doors) {
        List<String> command = new ArrayList<>(List.of("protect", names.device()));
        for (var door : doors) {
            command.add(Objects.requireNonNullElse(door.getHost(), "127.0.0.1"));
            command.add(Integer.toString(port(door)));
        }
        guard(command);
    }

    /** Takes the rules and the network away. */
    void remove() {
        guard(List.of("open", names.device()));
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
    }

    /**
     * Runs {@code guard} of the base image on the engine's machine's network: only there are the
     * rules that count, and whoever may use the engine may do so, root or not.
     */
    private void guard(List<String> command) {
        var ending =
                engine.call(
                        "set the rules of the containers' network",
                        docker -> {
                            Containers.removeIfThere(docker, names.guard());
                            var id =
                                    docker.createContainerCmd(helperImage)
                                            .withName(names.guard())
                                            .withLabels(names.mark())
                                            .withEntrypoint("/opt/runtime-agent/bin/guard")
                                            .withCmd(command)
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
