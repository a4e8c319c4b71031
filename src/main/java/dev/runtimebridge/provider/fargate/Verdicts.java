package dev.runtimebridge.provider.fargate;

import static dev.runtimebridge.allocation.Fault.Owner.ADMIN;
import static dev.runtimebridge.allocation.Fault.Owner.PROVIDER;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.fargate.Verdict.Nature;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads AWS's errors. Codes are those of the services' API references and of the pages on errors
 * that all actions share.
 */
final class Verdicts {
    private static final int SERVER_ERROR = 500;
    private static final int DEEPEST = 20;
    private static final Set<String> NOT_KNOWN =
            Set.of(
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "InvalidAccessKeyId",
                    "AuthFailure",
                    "SignatureDoesNotMatch",
                    "InvalidSignatureException",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "InvalidToken",
                    "InvalidIdentityToken");
    private static final Set<String> NOT_ALLOWED =
            Set.of(
                    "AccessDenied",
                    "AccessDeniedException",
                    "UnauthorizedOperation",
                    "UnauthorizedException",
                    "NotAuthorized",
                    "OptInRequired",
                    "BlockedException");

    /** From "Access denied error messages" of the IAM user guide. */
    private static final Pattern NOT_AUTHORIZED =
            Pattern.compile("not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)");

    /** Throttling that hides behind another code; the code alone tells for all others. */
    private static final Pattern TOO_FAST =
            Pattern.compile("rate exceeded|request limit exceeded", Pattern.CASE_INSENSITIVE);

    private static final List<Wrong> WRONGS =
            List.of(
                    wrong(
                            "ClusterNotFound|cluster not found",
                            Kind.CONFIGURATION,
                            "there is no such ECS cluster in this region",
                            "correct CLUSTER_NAME or AWS_REGION"),
                    wrong(
                            "task ?definition.*(not found|inactive|does not exist)|unable to"
                                    + " describe task definition",
                            Kind.IMAGE,
                            "the image's task definition does not exist or is inactive",
                            "register it, or correct the image's entry in the catalogue"),
                    wrong(
                            "override for container|is not a container in",
                            Kind.CONFIGURATION,
                            "the task definition has no such container",
                            "correct TASK_CONTAINER"),
                    wrong(
                            "subnet",
                            Kind.CONFIGURATION,
                            "AWS does not take the subnet",
                            "correct CONTAINER_SUBNETS: subnets of one VPC in AWS_REGION"),
                    wrong(
                            "security ?group|InvalidGroup",
                            Kind.CONFIGURATION,
                            "AWS does not take the security groups",
                            "correct CONTAINER_SECURITY_GROUP: groups of the subnets' VPC"),
                    wrong(
                            "capacity ?provider",
                            Kind.CONFIGURATION,
                            "the cluster does not have the capacity provider",
                            "give it FARGATE_SPOT, or set CONTAINER_CAPACITY=on-demand"),
                    wrong(
                            "assume (the )?role|PassRole|ecs was unable to",
                            Kind.PERMISSION,
                            "AWS cannot use the task definition's roles",
                            "let ecs-tasks.amazonaws.com assume them, and let the bridge's role"
                                    + " pass them (iam:PassRole)"),
                    wrong(
                            "QueueDoesNotExist|NonExistentQueue",
                            Kind.CONFIGURATION,
                            "there is no such SQS queue",
                            "correct EVENTS_QUEUE_URL"),
                    wrong(
                            "Platform|UnsupportedFeature",
                            Kind.IMAGE,
                            "Fargate cannot run the image's task definition",
                            "make it one for Fargate: awsvpc, a size that Fargate has, a platform"
                                    + " that it knows"));

    private final String where;

    /**
     * @param where what is called, for people: a region or an address
     */
    Verdicts(String where) {
        this.where = where;
    }

    private record Wrong(Pattern pattern, Kind kind, String detail, String hint) {}

    private static Wrong wrong(String regex, Kind kind, String detail, String hint) {
        return new Wrong(
                Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
                kind,
                detail,
                hint);
    }

    Verdict of(AwsAction action, SdkException failure) {
        return of(action.permission(), failure);
    }

    /**
     * What a failed call means.
     *
     * @param permission as a policy has it, {@code ecs:RunTask}
     */
    Verdict of(String permission, SdkException failure) {
        return failure instanceof AwsServiceException answer
                ? answered(permission, answer)
                : notAnswered(failure);
    }

    private Verdict answered(String permission, AwsServiceException answer) {
        var details = answer.awsErrorDetails();
        var code = details == null ? "" : orEmpty(details.errorCode());
        var message = details == null ? "" : orEmpty(details.errorMessage());
        var said = code + (message.isEmpty() ? "" : ": " + message);
        if (answer.isThrottlingException()
                || code.equals("RequestLimitExceeded")
                || TOO_FAST.matcher(message).find()) {
            return new Verdict(
                    Nature.THROTTLED,
                    new Cause(
                                    Kind.CAPACITY,
                                    "AWS takes no more calls of " + permission + " for the moment")
                            .hint("have the account's rate raised if it goes on"));
        }
        if (NOT_KNOWN.contains(code)) {
            return refused(
                    "AWS does not accept the bridge's credentials (" + code + ")",
                    "renew them: the bridge's task role, profile or AWS_ACCESS_KEY_ID; a wrong"
                            + " clock has the same effect");
        }
        if (NOT_ALLOWED.contains(code)) {
            var missing = missing(message).orElse(permission);
            return refused(
                    "AWS does not let the bridge call " + missing + Sentences.quoted(message),
                    "grant " + missing + " to the bridge's role");
        }
        if (answer.statusCode() >= SERVER_ERROR) {
            return new Verdict(
                    Nature.PASSING,
                    new Cause(
                            Kind.INFRASTRUCTURE,
                            "AWS failed with status "
                                    + answer.statusCode()
                                    + Sentences.quoted(said)));
        }
        return wrong(said);
    }

    /** What AWS names as missing: a call may need more than its own permission. */
    private static Optional<String> missing(String message) {
        var named = NOT_AUTHORIZED.matcher(message);
        return named.find() ? Optional.of(named.group(1)) : Optional.empty();
    }

    private static Verdict wrong(String said) {
        var known = Sentences.of(said);
        if (known.isPresent()) {
            return new Verdict(Nature.WRONG, known.get());
        }
        for (var wrong : WRONGS) {
            if (wrong.pattern.matcher(said).find()) {
                return new Verdict(
                        Nature.WRONG,
                        new Cause(
                                wrong.kind,
                                wrong.detail + Sentences.quoted(said),
                                ADMIN,
                                wrong.hint));
            }
        }
        return new Verdict(
                Nature.WRONG,
                new Cause(
                        Kind.CONFIGURATION,
                        "AWS does not take the request" + Sentences.quoted(said),
                        ADMIN,
                        "`./bridge doctor` looks for what is wrong"));
    }

    private Verdict notAnswered(SdkException failure) {
        var message = orEmpty(failure.getMessage());
        if (message.contains("load credentials")) {
            return refused(
                    "the bridge has no credentials for AWS",
                    "give its task a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        boolean late =
                failure instanceof ApiCallTimeoutException
                        || failure instanceof ApiCallAttemptTimeoutException;
        return new Verdict(
                Nature.PASSING,
                new Cause(
                        Kind.INFRASTRUCTURE,
                        late
                                ? "AWS does not answer at " + where
                                : "AWS cannot be reached at " + where + reason(failure),
                        PROVIDER,
                        "look at the bridge's way to AWS: a NAT gateway or VPC endpoints, DNS, a"
                                + " proxy"));
    }

    private static Verdict refused(String detail, String hint) {
        return new Verdict(Nature.REFUSED, new Cause(Kind.PERMISSION, detail, ADMIN, hint));
    }

    /** The innermost reason; the outer ones only say that a request failed. */
    private static String reason(SdkException failure) {
        Throwable inner = failure;
        for (int depth = 0; depth < DEEPEST && inner.getCause() != null; depth++) {
            inner = inner.getCause();
        }
        var text = inner instanceof SdkClientException ? "" : orEmpty(inner.getMessage());
        return Sentences.quoted(text);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
