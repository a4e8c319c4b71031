package dev.runtimeagent.config;

/** Which SSH server the container runs, {@code AGENT_SSH}. */
public enum SshKind {
    /** Inside the agent's own process. */
    EMBEDDED,
    /** The image's own {@code sshd}, started by the agent. */
    OPENSSH
}
