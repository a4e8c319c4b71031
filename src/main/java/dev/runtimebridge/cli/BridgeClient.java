package dev.runtimebridge.cli;

import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;

/** What the commands ask of a bridge, for one user. */
final class BridgeClient implements AutoCloseable {
    private static final String IMAGES = "/api/admin/images";

    private final BridgeCalls calls;

    BridgeClient(BridgeCalls calls) {
        this.calls = calls;
    }

    List<Wire.Image> images() {
        return calls.read(calls.request("/api/runtimes/available").GET(), Wire.Runtimes.class)
                .image();
    }

    /** The user's. */
    Secret token() {
        return calls.token();
    }

    /** The user's live containers, oldest first. */
    List<Wire.Container> containers() {
        return calls.read(calls.request("/api/containers").GET(), Wire.Containers.class)
                .containers();
    }

    Wire.Container container(String id) {
        return calls.read(calls.request("/api/containers/" + id).GET(), Wire.Container.class);
    }

    Wire.Login login(String id) {
        return calls.read(calls.request("/api/containers/" + id + "/ssh").GET(), Wire.Login.class);
    }

    /** Asks for a container, without waiting for it. */
    Wire.Container launch(long imageId, String slot) {
        var body = new Wire.Launch(imageId, slot);
        return calls.read(
                with("POST", "/api/containers/launch", body).header("Prefer", "respond-async"),
                Wire.Container.class);
    }

    /** Asks for a container's end, without waiting for it. */
    void stop(String id) {
        calls.tell(calls.request("/api/containers/" + id).DELETE());
    }

    /** A container's story from its beginning, or from after {@code lastEventId} unless empty. */
    InputStream events(String id, String lastEventId) {
        var request =
                calls.request("/api/containers/" + id + "/events")
                        .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return calls.send(request.GET());
    }

    /** The catalogue with all that administrators see of it, by id. */
    List<Wire.CatalogImage> catalogue() {
        return calls.read(calls.request(IMAGES).GET(), Wire.Catalogue.class).images();
    }

    Wire.CatalogImage addImage(Map<String, Object> fields) {
        return calls.read(with("POST", IMAGES, fields), Wire.CatalogImage.class);
    }

    /**
     * Changes these fields of an image.
     *
     * @param condition what its ETag must be, or {@code *}
     */
    Wire.CatalogImage changeImage(long id, Map<String, Object> fields, String condition) {
        return calls.read(
                with("PATCH", IMAGES + "/" + id, fields).header("If-Match", condition),
                Wire.CatalogImage.class);
    }

    CommandFailed lost(IOException fault) {
        return calls.lost(fault);
    }

    @Override
    public void close() {
        calls.close();
    }

    private HttpRequest.Builder with(String method, String path, Object body) {
        return calls.request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(BridgeCalls.text(body)));
    }
}
