package dev.runtimeagent.ssh;

import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * SFTP with the user's own view of all files; relative names start where shells start. MINA's part
 * of it is made with the first such session, not with the agent.
 */
final class Sftp implements SubsystemFactory {
    private final Supplier<Path> folder;

    Sftp(Supplier<Path> folder) {
        this.folder = folder;
    }

    @Override
    public String getName() {
        return SftpConstants.SFTP_SUBSYSTEM_NAME;
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
        return new SftpSubsystem(channel, new SftpSubsystemFactory()) {
            @Override
            public Path getDefaultDirectory() {
                return folder.get();
            }
        };
    }
}
