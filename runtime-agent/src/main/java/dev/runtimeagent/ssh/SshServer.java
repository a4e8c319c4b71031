package dev.runtimeagent.ssh;

/**
 * The container's SSH server. Constructing one makes (or reads from {@code AGENT_STATE}) its host
 * key; {@link #start} is called exactly once, before the agent answers its first ping, with
 * credentials that nobody has been told yet unless the agent was initialised in an earlier life. So
 * everything slow is over when the bridge gives the credentials to somebody.
 */
public interface SshServer extends AutoCloseable {
    /**
     * Listens on {@code AGENT_ADDRESS}:{@code AGENT_SSH_PORT} and lets {@code login} in.
     *
     * @throws java.io.UncheckedIOException when the port cannot be listened on; the message names
     *     address and port
     * @throws IllegalStateException when it was started before
     */
    void start(Login login);

    /**
     * The port it listens on: the configured one, or the one the system chose where that is 0.
     *
     * @throws IllegalStateException before {@link #start}
     */
    int port();

    /**
     * Its public host key as one line of OpenSSH, {@code ssh-ed25519 AAAA...}; the same over
     * restarts.
     */
    String hostKey();

    /**
     * Ends every session with the processes in it and stops listening; a second call does nothing.
     */
    @Override
    void close();
}
