package dev.runtimeagent.http;

import dev.runtimeagent.bridge.Authorization;
import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.config.SourceTemplate;
import dev.runtimeagent.run.ProjectFiles;
import dev.runtimeagent.run.ProjectRefused;
import dev.runtimeagent.run.ProjectSource;
import dev.runtimeagent.run.SourceFailed;
import dev.runtimeagent.run.Workspace;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;

import org.json.JSONObject;
import org.json.JSONWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** Puts the code of a lesson into the workspace, for the container's owner. */
public final class RunHandler {
    private static final Logger log = LoggerFactory.getLogger(RunHandler.class);
    private static final Pattern ID = Pattern.compile("[0-9]{1,19}");
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([\\x21-\\x7E]+)");

    private final Optional<SourceTemplate> template;
    private final Bridge bridge;
    private final ProjectSource source;
    private final Workspace workspace;

    /** One project in memory at a time. */
    private final Semaphore one = new Semaphore(1);

    RunHandler(
            Optional<SourceTemplate> template,
            Bridge bridge,
            ProjectSource source,
            Workspace workspace) {
        this.template = template;
        this.bridge = bridge;
        this.source = source;
        this.workspace = workspace;
    }

    /**
     * Which code; the source's address may use further fields. Ids may come as numbers or as
     * strings of digits.
     */
    @Schema(description = "Which code; ids may come as numbers or as strings of digits")
    public record RunRequest(
            @Schema(name = "course_id", example = "1") long courseId,
            @Schema(name = "lesson_id", example = "2") long lessonId,
            @Schema(name = "target_ptc_id", example = "3") long targetPtcId) {}

    /** What was done. */
    @Schema(description = "The code is in the workspace")
    public record RunStarted(@Schema(description = "how many files were written") int files)
            implements Wire {
        @Override
        public void write(JSONWriter fields) {
            fields.key("files").value(files);
        }
    }

    /** Fetches the project in the caller's name and writes it. */
    @Operation(
            summary =
                    "Fetches a project's files and writes them into the workspace; the owner's"
                            + " only",
            tags = "workspace",
            security = @SecurityRequirement(name = "token"),
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(schema = @Schema(implementation = RunRequest.class))))
    @ApiResponse(
            responseCode = "200",
            description = "All files are written",
            content = @Content(schema = @Schema(implementation = RunStarted.class)))
    @ApiResponse(responseCode = "400", description = "The body is not what it should be")
    @ApiResponse(responseCode = "401", description = "No bearer token, or one that does not verify")
    @ApiResponse(responseCode = "403", description = "The caller does not own this container")
    @ApiResponse(
            responseCode = "404",
            description = "The source has no such project for the caller")
    @ApiResponse(
            responseCode = "502",
            description =
                    "The source failed, or its project cannot be written safely; nothing was"
                            + " written")
    @ApiResponse(
            responseCode = "503",
            description =
                    "No source is configured, the bridge cannot be asked, or another run is being"
                            + " started")
    @ApiResponse(responseCode = "507", description = "The workspace took not all files")
    RunStarted start(Exchange exchange) {
        var authorization = exchange.header("Authorization");
        var bearer = BEARER.matcher(authorization == null ? "" : authorization);
        if (authorization == null || !bearer.matches()) {
            throw new ProblemException(
                    401,
                    "send a bearer token in the Authorization header",
                    Map.of("WWW-Authenticate", "Bearer"));
        }
        var body = JsonBody.read(exchange);
        refuseOthers(bearer.group(1));
        var address =
                address(
                        template.orElseThrow(
                                () ->
                                        new ProblemException(
                                                503, "no source of projects is configured")),
                        body.fields());
        if (!one.tryAcquire()) {
            throw new ProblemException(
                    503, "another project is being written; try again", Map.of("Retry-After", "1"));
        }
        try {
            var project = fetch(address, authorization, body.bytes());
            write(project);
            return new RunStarted(project.count());
        } finally {
            one.release();
        }
    }

    private void refuseOthers(String token) {
        switch (bridge.authorize(token)) {
            case Authorization.Owner owner -> log.debug("a project for {}", owner.user());
            case Authorization.Stranger stranger ->
                    throw new ProblemException(403, "this container belongs to somebody else");
            case Authorization.Refused refused ->
                    throw new ProblemException(
                            401,
                            refused.why(),
                            Map.of("WWW-Authenticate", "Bearer error=\"invalid_token\""));
            case Authorization.Unavailable unavailable ->
                    throw new ProblemException(503, unavailable.why(), Map.of("Retry-After", "2"));
        }
    }

    private static URI address(SourceTemplate template, JSONObject body) {
        var ids = new HashMap<String, String>();
        for (var field : template.fields()) {
            var id = String.valueOf(body.opt(field)); // of other values no text fits
            if (!ID.matcher(id).matches()) {
                throw new ProblemException(400, field + " must be a whole number, 0 or larger");
            }
            ids.put(field, id);
        }
        return template.fill(ids);
    }

    private ProjectFiles fetch(URI address, String authorization, byte[] body) {
        try {
            return source.fetch(address, authorization, body);
        } catch (ProjectRefused e) {
            throw new ProblemException(502, "the project was refused: " + e.getMessage());
        } catch (SourceFailed e) {
            throw switch (e.status()) {
                case 401, 403, 404 ->
                        new ProblemException(404, "the source has no such project for you");
                default ->
                        new ProblemException(502, "the project's source failed: " + e.getMessage());
            };
        }
    }

    private void write(ProjectFiles project) {
        try {
            workspace.write(project);
        } catch (ProjectRefused e) {
            throw new ProblemException(502, "the project was refused: " + e.getMessage());
        } catch (IOException e) {
            log.warn("a project could not be written: {}", e.toString());
            throw new ProblemException(507, "the workspace took not all files");
        }
    }
}
