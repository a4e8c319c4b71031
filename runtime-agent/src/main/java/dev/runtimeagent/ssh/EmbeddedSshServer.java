package dev.runtimeagent.ssh;

import static org.apache.sshd.core.CoreModuleProperties.AUTH_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.COMMAND_EXIT_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.IDLE_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.MAX_AUTH_REQUESTS;
import static org.apache.sshd.core.CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.NIO2_READ_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.SERVER_IDENTIFICATION;
import static org.apache.sshd.core.CoreModuleProperties.TCP_NODELAY;
import static org.apache.sshd.core.CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT;
import static org.apache.sshd.core.CoreModuleProperties.WINDOW_SIZE;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;

import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.forward.DefaultForwarderFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.helpers.DefaultUnknownChannelReferenceHandler;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.apache.sshd.server.global.CancelTcpipForwardHandler;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.global.OpenSshHostKeysHandler;
import org.apache.sshd.server.global.TcpipForwardHandler;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * An SSH server inside the agent's process: Apache MINA SSHD, with real terminals from pty4j.
 * Serves shells, commands, SFTP and port forwarding to the one user of the container, as that user.
 */
public final class EmbeddedSshServer implements SshServer {
    private static final Duration LOGIN_TIME = Duration.ofSeconds(20);
    private static final int LOGIN_ATTEMPTS = 6;

    /**
     * A reader may rest for as long as it likes; a day is the most that MINA's clock is used to.
     */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final long WINDOW_BYTES = 1 << 20;

    private final AgentSettings settings;
    private final HostKey hostKey;
    private final ScheduledExecutorService scheduler;
    private final SessionPrograms programs;
    private final org.apache.sshd.server.SshServer server;
    private @Nullable LoginCrowd crowd;

    /** Makes or reads the host key in {@code AGENT_STATE}; nothing listens yet. */
    public EmbeddedSshServer(AgentSettings settings, LoginDefaults inherited) {
        this.settings = settings;
        this.hostKey = HostKey.in(settings.state());
        this.scheduler =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("ssh-timer").factory());
        this.programs = new SessionPrograms(settings, inherited, scheduler);
        this.server = new org.apache.sshd.server.SshServer();
    }

    @Override
    public void start(Login login) {
        if (crowd != null) {
            throw new IllegalStateException("the SSH server was started before");
        }
        var people = new LoginCrowd();
        crowd = people;
        server.setHost(settings.address().getHostAddress());
        server.setPort(settings.sshPort());
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
        Algorithms.offer(server);
        authenticate(login);
        serve();
        limit();
        server.addSessionListener(people);
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen for SSH on "
                            + settings.address().getHostAddress()
                            + ":"
                            + settings.sshPort()
                            + " ("
                            + e.getMessage()
                            + "); set AGENT_SSH_PORT to a free port",
                    e);
        }
    }

    private void authenticate(Login login) {
        var guard = new LoginGuard(login, settings.home(), scheduler);
        server.setPasswordAuthenticator(guard);
        server.setPublickeyAuthenticator(guard);
        server.setUserAuthFactories(
                List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
    }

    private void serve() {
        server.setShellFactory(channel -> new SessionCommand(programs, null));
        server.setCommandFactory((channel, line) -> new SessionCommand(programs, line));
        server.setSubsystemFactories(List.of(new Sftp(programs::folder)));
        server.setFileSystemFactory(NativeFileSystemFactory.INSTANCE);
        server.setChannelFactories(
                List.of(new SessionChannel.Factory(), DirectTcpipFactory.INSTANCE));
        server.setForwarderFactory(DefaultForwarderFactory.INSTANCE);
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        server.setGlobalRequestHandlers(
                List.of(
                        KeepAliveHandler.INSTANCE,
                        NoMoreSessionsHandler.INSTANCE,
                        TcpipForwardHandler.INSTANCE,
                        CancelTcpipForwardHandler.INSTANCE,
                        OpenSshHostKeysHandler.INSTANCE));
        server.setUnknownChannelReferenceHandler(DefaultUnknownChannelReferenceHandler.INSTANCE);
    }

    private void limit() {
        AUTH_TIMEOUT.set(server, LOGIN_TIME);
        MAX_AUTH_REQUESTS.set(server, LOGIN_ATTEMPTS);
        IDLE_TIMEOUT.set(server, Duration.ZERO);
        NIO2_READ_TIMEOUT.set(server, Duration.ZERO);
        NIO2_MIN_WRITE_TIMEOUT.set(server, PATIENCE);
        WAIT_FOR_SPACE_TIMEOUT.set(server, PATIENCE);
        // A client that closes its channel is gone: nothing is waited for.
        COMMAND_EXIT_TIMEOUT.set(server, Duration.ofMillis(1));
        WINDOW_SIZE.set(server, WINDOW_BYTES);
        TCP_NODELAY.set(server, true);
        SERVER_IDENTIFICATION.set(server, "runtime-agent");
        CoreModuleProperties.NIO_WORKERS.set(server, 2);
    }

    @Override
    public int port() {
        if (!server.isStarted()) {
            throw new IllegalStateException("the SSH server has not been started");
        }
        return server.getPort();
    }

    @Override
    public String hostKey() {
        return hostKey.openSsh();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException("the SSH server did not stop cleanly", e);
        } finally {
            programs.endAll();
            scheduler.shutdownNow();
        }
    }
}
