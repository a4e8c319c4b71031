package dev.runtimebridge.gateway;

import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The whole configuration of NGINX as one text: the templates of {@code nginx/} with what is
 * particular to an installation filled in.
 *
 * @param key what the gateway shows the bridge
 * @param origins whose pages may call, and open sockets
 * @param trustedProxies networks of what stands before the gateway and tells who calls
 * @param patience the longest that the API lets a request wait
 * @param reportEvery how often it tells the bridge what was used
 * @param verbose whether errors are logged that quote whole requests
 */
public record NginxConfiguration(
        GatewaySettings settings,
        Secret key,
        List<String> origins,
        List<String> trustedProxies,
        Duration patience,
        Duration reportEvery,
        boolean verbose) {
    /** How much longer than a launch's patience the gateway waits for the answer. */
    private static final Duration MORE_PATIENCE = Duration.ofSeconds(30);

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z_]+)}");
    private static final Pattern QUOTABLE = Pattern.compile("[\\x20-\\x7e&&[^\"\\\\$]]+");
    private static final int CONNECTIONS = 16_384;

    /** As deploy/gateway/Dockerfile has it. */
    private static final int IMAGE_PORT = 8080;

    private static final Path IMAGE_FOLDER = Path.of("/run/gateway");

    public NginxConfiguration {
        origins = List.copyOf(origins);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * The text.
     *
     * @param folder where NGINX keeps what it writes, absolute
     * @param innerSocket the socket on which its workers find the bridge; they may run as another
     *     user than the one that {@code folder} belongs to
     * @param certificate the one to use, when it terminates TLS
     * @param nginx which NGINX, and where its modules are
     */
    String text(
            Path folder,
            Path innerSocket,
            GatewaySettings.Certificate certificate,
            NginxProgram nginx) {
        var values = new HashMap<String, String>();
        values.put("modules", nginx.loadModules());
        values.put("workers", settings.workers().map(String::valueOf).orElse("auto"));
        values.put("files", Long.toString(nginx.mostFiles(3L * CONNECTIONS)));
        values.put("connections", Integer.toString(CONNECTIONS));
        values.put("folder", quotable(folder.toString()));
        values.put("inner_socket", quotable(innerSocket.toString()));
        values.put("error_log", quotable(folder.resolve("error.log").toString()));
        values.put("access_log", quotable(folder.resolve("access.log").toString()));
        values.put("error_level", verbose ? "info" : "crit");
        values.put("listen", settings.listen() + (settings.tls() ? " ssl http2" : ""));
        values.put("domain", settings.domain());
        values.put("scheme", "https");
        values.put("key", key.reveal());
        values.put("patience", patience.plus(MORE_PATIENCE).toSeconds() + "s");
        values.put(
                "bridges",
                settings.bridges().stream()
                        .map(bridge -> "        server " + bridge + " max_fails=0;")
                        .collect(Collectors.joining("\n")));
        values.put("real_address", realAddress());
        values.put("tls_settings", settings.tls() ? tls(certificate) : "");
        values.put("settings", settingsOfLua(innerSocket));
        values.put("page", resource("refusal.html"));
        values.put("refusals", fill(resource("refusals.lua"), values));
        values.put("gateway", resource("gateway.lua"));
        return fill(resource("nginx.conf.template"), values);
    }

    /**
     * The text for an NGINX in an image of its own, which listens on {@link #IMAGE_PORT}; absent
     * where it is to have a certificate and none is configured.
     *
     * @param bridges where it finds bridges, host:port
     */
    public Optional<String> forImage(String bridges) {
        if (settings.tls() && settings.certificate().isEmpty()) {
            return Optional.empty();
        }
        var there =
                new GatewaySettings(
                        settings.domain(),
                        settings.publicPort(),
                        "0.0.0.0:" + IMAGE_PORT,
                        List.of(bridges),
                        settings.tls(),
                        settings.certificate(),
                        settings.workers());
        return Optional.of(
                with(there)
                        .text(
                                IMAGE_FOLDER,
                                IMAGE_FOLDER.resolve("inner.sock"),
                                settings.certificate()
                                        .orElse(
                                                new GatewaySettings.Certificate(
                                                        IMAGE_FOLDER, IMAGE_FOLDER)),
                                NginxProgram.OF_DEBIAN));
    }

    private NginxConfiguration with(GatewaySettings other) {
        return new NginxConfiguration(
                other, key, origins, trustedProxies, patience, reportEvery, verbose);
    }

    private String realAddress() {
        if (trustedProxies.isEmpty()) {
            return "";
        }
        return trustedProxies.stream()
                .map(network -> "set_real_ip_from " + quotable(network) + ";")
                .collect(
                        Collectors.joining(
                                "\n    ",
                                "",
                                "\n    real_ip_header X-Forwarded-For;\n"
                                        + "    real_ip_recursive on;"));
    }

    private static String tls(GatewaySettings.Certificate certificate) {
        return """
        ssl_certificate "%s";
            ssl_certificate_key "%s";
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_session_cache shared:tls:10m;
            ssl_session_timeout 1d;
            ssl_session_tickets off;\
        """
                .formatted(
                        quotable(certificate.chain().toString()),
                        quotable(certificate.key().toString()));
    }

    private String settingsOfLua(Path innerSocket) {
        var allowed =
                origins.stream()
                        .map(origin -> "[\"" + quotable(origin) + "\"] = true")
                        .collect(Collectors.joining(", "));
        return """
        {
            origins = { %s },
            session_cookie = "__Host-runtime-bridge",
            scheme = "https",
            inner_socket = "%s",
            report_every = %d, -- seconds
        }\
        """
                .formatted(allowed, quotable(innerSocket.toString()), reportEvery.toSeconds());
    }

    /** Text that stays text between quotes, for NGINX and for Lua. */
    private static String quotable(String text) {
        if (!QUOTABLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' cannot stand in NGINX's configuration: it has \", \\, $ or"
                            + " characters beyond ASCII");
        }
        return text;
    }

    private static String fill(String template, Map<String, String> values) {
        var filled = new StringBuilder();
        var matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            var value = values.get(matcher.group(1));
            if (value == null) {
                throw new IllegalStateException("no value for " + matcher.group());
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    private static String resource(String name) {
        try (var in = NginxConfiguration.class.getResourceAsStream("/nginx/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
