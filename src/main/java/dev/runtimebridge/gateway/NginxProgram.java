package dev.runtimebridge.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The NGINX of this machine.
 *
 * @param binary the program
 * @param modules folder of its loadable modules
 */
public record NginxProgram(Path binary, Path modules) {
    private static final List<String> NEEDED =
            List.of("ndk_http_module.so", "ngx_http_lua_module.so");
    private static final List<Path> USUAL_MODULES =
            List.of(
                    Path.of("/usr/lib/nginx/modules"),
                    Path.of("/usr/lib64/nginx/modules"),
                    Path.of("/etc/nginx/modules"));

    /** Where Debian and Ubuntu have it. */
    static final NginxProgram OF_DEBIAN =
            new NginxProgram(Path.of("/usr/sbin/nginx"), USUAL_MODULES.getFirst());

    private static final Pattern HARD_LIMIT =
            Pattern.compile("(?m)^Max open files\\s+\\S+\\s+(\\d+)");
    private static final int LONGEST_CHECK_SECONDS = 20;

    /** What is missing where NGINX cannot be used. */
    public static final String NEEDS =
            "NGINX with its Lua module is needed: on Debian, apt-get install nginx"
                    + " libnginx-mod-http-lua";

    /**
     * On the search path or where system programs usually are, with the modules it needs.
     *
     * @param searchPath as {@code PATH} has it
     */
    public static Optional<NginxProgram> find(String searchPath) {
        var binary =
                Stream.concat(
                                Stream.of(searchPath.split(":", -1)).filter(p -> p.startsWith("/")),
                                Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin"))
                        .map(folder -> Path.of(folder, "nginx"))
                        .filter(Files::isExecutable)
                        .findFirst();
        var modules =
                USUAL_MODULES.stream()
                        .filter(
                                folder ->
                                        NEEDED.stream()
                                                .allMatch(m -> Files.exists(folder.resolve(m))))
                        .findFirst();
        return binary.flatMap(b -> modules.map(m -> new NginxProgram(b, m)));
    }

    String loadModules() {
        return NEEDED.stream()
                .map(module -> "load_module " + modules.resolve(module) + ";\n")
                .reduce("", String::concat);
    }

    /** How many files a worker may have open, at most {@code wanted}. */
    long mostFiles(long wanted) {
        try {
            var limits = HARD_LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
            return limits.find() ? Math.min(wanted, Long.parseLong(limits.group(1))) : wanted;
        } catch (IOException e) {
            return 1024; // what every system allows
        }
    }

    /**
     * Has it read a configuration without using it.
     *
     * @return what it finds wrong, in one line; absent when nothing
     */
    Optional<String> check(Path folder, Path configuration)
            throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "check", ".txt");
        try {
            var process =
                    new ProcessBuilder(command(folder, configuration, "-t", "-q"))
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_CHECK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("nginx -t does not end");
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(fault(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    static String fault(Path output) throws IOException {
        var lines = Files.readString(output, StandardCharsets.UTF_8).lines().toList();
        return lines.stream()
                .filter(line -> line.contains("[emerg]"))
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .map(line -> line.replaceFirst("^nginx: \\[emerg] ", ""))
                .orElse("nginx -t failed without a word");
    }

    List<String> command(Path folder, Path configuration, String... more) {
        return Stream.concat(
                        Stream.of(
                                binary.toString(),
                                "-p",
                                folder.toString(),
                                "-e",
                                folder.resolve("error.log").toString(),
                                "-c",
                                configuration.toString()),
                        Stream.of(more))
                .toList();
    }
}
