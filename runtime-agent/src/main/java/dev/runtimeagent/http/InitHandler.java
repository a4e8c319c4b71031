package dev.runtimeagent.http;

import dev.runtimeagent.init.BridgeProof;
import dev.runtimeagent.init.Initialisation;
import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.SshServer;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;

import org.json.JSONWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Lets the bridge, and nobody else, settle this container's API key and learn its SSH credentials.
 */
public final class InitHandler {
    /** Header of the bridge's proof. */
    public static final String PROOF = "X-Bridge-Proof";

    private static final Logger log = LoggerFactory.getLogger(InitHandler.class);

    /** It travels in a header later: visible ASCII only. */
    private static final Pattern API_KEY = Pattern.compile("[\\x21-\\x7E]{1,512}");

    private final BridgeProof proof;
    private final Initialisation initialisation;
    private final SshServer ssh;

    InitHandler(BridgeProof proof, Initialisation initialisation, SshServer ssh) {
        this.proof = proof;
        this.initialisation = initialisation;
        this.ssh = ssh;
    }

    /**
     * What the bridge brings; read by hand, since nothing in it is believed before the proof holds.
     */
    @Schema(description = "What the bridge brings")
    public record InitRequest(
            @Schema(
                            name = "api_key",
                            description = "1 to 512 visible ASCII characters",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    String apiKey) {}

    /** How to log in to this container. */
    @Schema(description = "How to log in to this container over SSH")
    public record Credentials(
            @Schema(example = "together") String username,
            @Schema(name = "auth_type", example = "password") String authType,
            @Schema(description = "the password") String auth,
            @Schema(name = "ssh_port", example = "2222") int sshPort,
            @Schema(name = "host_key", example = "ssh-ed25519 AAAA...") String hostKey)
            implements Wire {
        @Override
        public void write(JSONWriter fields) {
            fields.key("username")
                    .value(username)
                    .key("auth_type")
                    .value(authType)
                    .key("auth")
                    .value(auth)
                    .key("ssh_port")
                    .value(sshPort)
                    .key("host_key")
                    .value(hostKey);
        }

        @Override
        public String toString() {
            return "Credentials[" + username + ", <secret>]";
        }
    }

    /** The same key again gets the same answer; another key is refused. */
    @Operation(
            summary = "Settles the API key and tells the SSH credentials; the bridge's only",
            tags = "container",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(schema = @Schema(implementation = InitRequest.class))))
    @Parameter(
            name = PROOF,
            in = ParameterIn.HEADER,
            required = true,
            description = "RS256 token of the bridge for this container, at most 60 s long")
    @ApiResponse(
            responseCode = "200",
            description = "Settled, now or before with the same key",
            content = @Content(schema = @Schema(implementation = Credentials.class)))
    @ApiResponse(
            responseCode = "400",
            description = "The body is not what it should be, or another key was settled before")
    @ApiResponse(responseCode = "401", description = "The caller did not prove to be the bridge")
    @ApiResponse(
            responseCode = "503",
            description = "The key could not be kept; asking again may help")
    Credentials init(Exchange exchange) {
        var given = exchange.header(PROOF);
        if (given == null || !proof.holds(given)) {
            throw new ProblemException(
                    401,
                    "only this container's bridge may initialise it; " + PROOF + " does not hold");
        }
        if (!settle(apiKey(JsonBody.read(exchange)))) {
            throw new ProblemException(
                    400, "this container is already initialised with another key");
        }
        var login = initialisation.login();
        exchange.answerHeader("Cache-Control", "no-store");
        return new Credentials(
                login.user(), "password", login.password().reveal(), ssh.port(), ssh.hostKey());
    }

    private static Secret apiKey(JsonBody body) {
        if (body.fields().opt("api_key") instanceof String key && API_KEY.matcher(key).matches()) {
            return new Secret(key);
        }
        throw new ProblemException(400, "api_key must be 1 to 512 visible ASCII characters");
    }

    private boolean settle(Secret apiKey) {
        try {
            return initialisation.settle(apiKey);
        } catch (IOException e) {
            log.error("the API key could not be kept in the state folder: {}", e.toString());
            throw new ProblemException(503, "the key could not be kept; try again later");
        }
    }
}
