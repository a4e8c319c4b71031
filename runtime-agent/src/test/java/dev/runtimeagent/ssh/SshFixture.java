package dev.runtimeagent.ssh;

import dev.runtimeagent.FakeBridge;
import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;
import dev.runtimeagent.secret.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real embedded SSH server on a port of its own, and the OpenSSH client to try it with. */
public final class SshFixture implements AutoCloseable {
    public static final String USER = "together";
    public static final String PASSWORD = "correct horse battery staple";
    private static final long PATIENCE_SECONDS = 30;

    public final AgentSettings settings;
    public final EmbeddedSshServer server;
    private final Path folder;

    public SshFixture(Path folder) {
        this.folder = folder;
        this.settings = settings(folder);
        this.server = new EmbeddedSshServer(settings, LoginDefaults.fromEnvironment());
        server.start(new Login(USER, new Secret(PASSWORD)));
        try {
            Files.writeString(
                    folder.resolve("known_hosts"),
                    "[127.0.0.1]:" + server.port() + " " + server.hostKey() + "\n");
            Files.createFile(folder.resolve("askpass"), owner("rwx------"));
            askpassAnswers(PASSWORD);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        }
    }

    public static AgentSettings settings(Path folder) {
        try {
            var workspace = Files.createDirectories(folder.resolve("home/workspace"));
            return AgentSettings.from(
                    Map.of(
                            "AGENT_CONTAINER", "container-1",
                            "AGENT_BRIDGE_KEY", FakeBridge.bridgeKey(),
                            "AGENT_BRIDGE_URL", "http://127.0.0.1:9",
                            "AGENT_ADDRESS", "127.0.0.1",
                            "AGENT_PORT", "0",
                            "AGENT_SSH_PORT", "0",
                            "AGENT_HOME", workspace.getParent().toString(),
                            "AGENT_STATE", folder.resolve("state").toString(),
                            "AGENT_USER", USER,
                            "ALLOWED_ORIGINS", "https://ide.example.org"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void askpassAnswers(String password) throws IOException {
        Files.writeString(folder.resolve("askpass"), "#!/bin/sh\necho '" + password + "'\n");
    }

    public Outcome ssh(String... words) {
        return run("", command("ssh", "-p", words));
    }

    Outcome sshWithInput(String input, String... words) {
        return run(input, command("ssh", "-p", words));
    }

    Outcome sftp(String batch, String... words) {
        return run(batch, command("sftp", "-P", words));
    }

    public List<String> command(String program, String portOption, String... words) {
        var command =
                new ArrayList<>(List.of(program, portOption, Integer.toString(server.port())));
        for (var option :
                List.of(
                        "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                        "StrictHostKeyChecking=yes",
                        "GlobalKnownHostsFile=/dev/null",
                        "IdentityAgent=none",
                        "NumberOfPasswordPrompts=1",
                        "LogLevel=ERROR")) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-F", "/dev/null"));
        command.addAll(List.of(words));
        return command;
    }

    public ProcessBuilder process(List<String> command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("SSH_ASKPASS", folder.resolve("askpass").toString());
        builder.environment().put("SSH_ASKPASS_REQUIRE", "force");
        return builder;
    }

    private Outcome run(String input, List<String> command) {
        try {
            var output = Files.createTempFile(folder, "out", "");
            var errors = Files.createTempFile(folder, "err", "");
            var given = Files.writeString(Files.createTempFile(folder, "in", ""), input);
            var process =
                    process(command)
                            .redirectInput(given.toFile())
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "still running: "
                                    + Files.readString(output)
                                    + Files.readString(errors));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.ISO_8859_1),
                    Files.readString(errors));
        } catch (IOException e) {
            throw new AssertionError("these tests need the programs ssh, sftp, ssh-keygen", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static java.nio.file.attribute.FileAttribute<?> owner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    @Override
    public void close() {
        server.close();
    }

    public record Outcome(int status, String output, String errors) {}
}
