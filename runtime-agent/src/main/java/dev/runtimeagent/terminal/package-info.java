/**
 * The terminal: Socket.IO on one side, a shell over SSH on the other. The only room that touches
 * Socket.IO and jsch; it knows the bridge and the SSH server through their ports alone.
 */
@org.jspecify.annotations.NullMarked
package dev.runtimeagent.terminal;
