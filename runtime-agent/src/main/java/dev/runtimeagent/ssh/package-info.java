/**
 * The container's SSH server: the port {@link dev.runtimeagent.ssh.SshServer} and its adapters. The
 * only room that touches Apache MINA SSHD and pty4j.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.ssh;
