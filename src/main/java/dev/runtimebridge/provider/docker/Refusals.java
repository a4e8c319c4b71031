package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what an engine says when it does not do what it was asked for. */
final class Refusals {
    private static final Known FULL =
            new Known(
                    "no space left on device",
                    Kind.INFRASTRUCTURE,
                    "the engine's disk is full",
                    "make room, for example with `docker system prune`");

    private static final List<Known> KNOWN =
            List.of(
                    new Known(
                            "no available IPv4 addresses|no available (ip|addresses)",
                            Kind.CAPACITY,
                            "the containers' network has no free address",
                            "let some containers end, or set DOCKER_SUBNET to a larger subnet"),
                    new Known(
                            "could not find an available.*address pool|Pool overlaps",
                            Kind.CONFIGURATION,
                            "the engine has no address pool left for the containers' network",
                            "set DOCKER_SUBNET to a free subnet, or remove unused networks with"
                                    + " `docker network prune`"),
                    FULL,
                    new Known(
                            "No such image|manifest unknown|pull access denied|repository does not"
                                    + " exist",
                            Kind.IMAGE,
                            "there is no such container image",
                            "build it with `./bridge images build`, or correct the image's entry in"
                                    + " the catalogue"),
                    new Known(
                            "dial tcp|no such host|TLS handshake|registry.*timeout",
                            Kind.IMAGE,
                            "the image's registry cannot be reached",
                            "look at the engine's way to it; `./bridge images build --base` takes a"
                                    + " Debian 12 that the engine has"),
                    new Known(
                            "executable file not found|OCI runtime create failed.*exec",
                            Kind.IMAGE,
                            "what the image is to run cannot be run",
                            "build it on one of this project's images"),
                    new Known(
                            "cannot allocate memory|Minimum memory limit",
                            Kind.CAPACITY,
                            "the engine's machine has not enough memory",
                            ""));

    private Refusals() {}

    private record Known(Pattern pattern, Kind kind, String detail, String hint) {
        Known(String regex, Kind kind, String detail, String hint) {
            this(
                    Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
                    kind,
                    detail,
                    hint);
        }

        Optional<Cause> of(String said) {
            return pattern.matcher(said).find()
                    ? Optional.of(new Cause(kind, detail + ": " + said).hint(hint))
                    : Optional.empty();
        }
    }

    /** The exception to throw, with what the engine said in it. */
    static ProviderException of(String what, RuntimeException refusal) {
        var cause = cause(what, refusal);
        return cause.kind().anotherMayHelp()
                ? ProviderException.repeatable(cause, refusal)
                : ProviderException.lasting(cause, refusal);
    }

    private static Cause cause(String what, RuntimeException refusal) {
        var said = innermost(refusal);
        var known = known(said);
        if (known.isPresent()) {
            return known.get();
        }
        boolean engines =
                !(refusal instanceof DockerException)
                        || refusal instanceof InternalServerErrorException
                        || refusal instanceof NotFoundException;
        return new Cause(
                engines ? Kind.INFRASTRUCTURE : Kind.CONFIGURATION,
                "the Docker engine could not " + what + ": " + said);
    }

    private static Optional<Cause> known(String said) {
        return KNOWN.stream().flatMap(known -> known.of(said).stream()).findFirst();
    }

    /** The cause that a program's words tell of, where they are those of a full disk. */
    static Optional<Cause> isFull(String said) {
        return FULL.of(said);
    }

    /** The innermost reason, on one line. */
    static String innermost(Throwable fault) {
        Throwable inner = fault;
        for (var next = fault.getCause(); next != null; next = next.getCause()) {
            inner = next;
        }
        var text =
                inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
        return text.replaceAll("^Status \\d+: ", "")
                .replaceAll("^\\{\"message\":\"(.*)\"}\\s*$", "$1")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
