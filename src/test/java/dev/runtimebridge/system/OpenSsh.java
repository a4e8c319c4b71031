package dev.runtimebridge.system;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The OpenSSH client of the system, with the login that the API told: checks the host key and gets
 * the password by its askpass program, out of a file that only its owner reads.
 */
final class OpenSsh {
    private final Path folder;
    private final UserOfTheApi.Answer login;

    /** A command's end. */
    record Done(int status, String out) {}

    /**
     * Logs in with {@code login}, the answer to {@code GET .../ssh}.
     *
     * @param folder an empty one of its own
     */
    OpenSsh(Path folder, UserOfTheApi.Answer login) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.login = login;
        Files.writeString(folder.resolve("password"), login.text("password") + "\n");
        var askpass = folder.resolve("askpass");
        Files.writeString(askpass, "#!/bin/sh\nexec cat '" + folder.resolve("password") + "'\n");
        Files.setPosixFilePermissions(askpass, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                folder.resolve("known_hosts"),
                (login.text("port").equals("22") ? "%s %3$s\n" : "[%s]:%s %s\n")
                        .formatted(login.text("host"), login.text("port"), login.text("host_key")));
    }

    Done run(String command) throws IOException, InterruptedException {
        return finish(command("ssh", List.of("-T"), List.of(command)), "");
    }

    /** Runs sftp with these commands, a line each; it ends at the first that fails. */
    Done sftp(String commands) throws IOException, InterruptedException {
        return finish(
                command("sftp", List.of("-o", "BatchMode=no", "-b", "-"), List.of()), commands);
    }

    /** A shell in a terminal. */
    PtyProcess terminal(int columns, int rows) throws IOException {
        var words = command("ssh", List.of("-tt"), List.of());
        return new PtyProcessBuilder(words.toArray(String[]::new))
                .setEnvironment(environment())
                .setInitialColumns(columns)
                .setInitialRows(rows)
                .setRedirectErrorStream(true)
                .start();
    }

    private Done finish(List<String> words, String input) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        var process = builder.start();
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Done(process.waitFor(), out);
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(String program, List<String> options, List<String> arguments) {
        var words = new ArrayList<String>(List.of(program, "-q", "-F", "none"));
        for (var option :
                List.of(
                        "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                        "StrictHostKeyChecking=yes",
                        "PreferredAuthentications=password",
                        "NumberOfPasswordPrompts=1",
                        "ConnectTimeout=20",
                        "Port=" + login.text("port"))) {
            words.addAll(List.of("-o", option));
        }
        words.addAll(options);
        words.add(login.text("user") + "@" + login.text("host"));
        words.addAll(arguments);
        return words;
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", folder.toString());
        environment.put("TERM", "xterm");
        environment.put("SSH_ASKPASS", folder.resolve("askpass").toString());
        environment.put("SSH_ASKPASS_REQUIRE", "force");
        return environment;
    }
}
