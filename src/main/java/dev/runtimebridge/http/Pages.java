package dev.runtimebridge.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.staticfiles.Location;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.function.Supplier;

/** The pages for people: what this is, and Swagger UI, all served from here. */
final class Pages {
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final Supplier<String> reader;
    private @Nullable String document;

    /**
     * The pages over one OpenAPI document.
     *
     * @param reader gives it as JSON; asked at the first look, since reading it from the code takes
     *     longer than the rest of the start
     */
    Pages(Supplier<String> reader) {
        this.reader = reader;
    }

    private synchronized String document() {
        if (document == null) {
            document = reader.get();
        }
        return document;
    }

    void install(JavalinConfig config) {
        get(config, "/", page("index.html", "text/html; charset=utf-8"));
        get(config, "/swagger", page("swagger.html", "text/html; charset=utf-8"));
        get(config, "/swagger/start.js", page("swagger.js", "text/javascript; charset=utf-8"));
        get(config, "/swagger/page.css", page("page.css", "text/css; charset=utf-8"));
        get(config, "/openapi.json", ctx -> ctx.contentType("application/json").result(document()));
        config.staticFiles.add(
                files -> {
                    files.hostedPath = "/swagger/assets";
                    files.directory = WEBJAR + swaggerVersion();
                    files.location = Location.CLASSPATH;
                    files.skipFileFunction = Pages::isNoAsset;
                });
    }

    private static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, handler);
        config.routes.head(path, handler);
    }

    private static Handler page(String resource, String contentType) {
        var text = text("/http/" + resource);
        return ctx -> send(ctx, text, contentType);
    }

    private static void send(Context ctx, String text, String contentType) {
        ctx.header("Content-Security-Policy", policy())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-cache")
                .contentType(contentType)
                .result(text);
    }

    /** Swagger UI sets styles from its script and shows inlined images; all else is ours. */
    private static String policy() {
        return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                + " img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none';"
                + " base-uri 'none'; frame-ancestors 'none'";
    }

    /** The webjar's own page is about somebody else's API. */
    private static boolean isNoAsset(HttpServletRequest request) {
        var path = request.getRequestURI();
        return path.endsWith("/")
                || path.endsWith("/assets")
                || path.endsWith(".html")
                || path.endsWith("initializer.js");
    }

    private static String swaggerVersion() {
        var properties = new Properties();
        try (var in = Pages.class.getResourceAsStream(VERSION)) {
            if (in == null) {
                throw new IllegalStateException("swagger-ui is not on the class path");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("swagger-ui cannot be read", e);
        }
        return properties.getProperty("version");
    }

    private static String text(String resource) {
        try (var in = Pages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
