package dev.runtimebridge.provider.fargate;

import static dev.runtimebridge.allocation.Fault.Owner.ADMIN;
import static dev.runtimebridge.allocation.Fault.Owner.PROVIDER;
import static dev.runtimebridge.allocation.Fault.Owner.USER;

import dev.runtimebridge.allocation.Fault.Owner;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What AWS's sentences about tasks mean. AWS changes their wording now and then, so that each rule
 * looks for as little of it as tells it from the others, and the first that fits counts. From the
 * developer guide's pages on stopped tasks, RunTask failures and CannotPullContainer errors.
 */
final class Sentences {
    private static final String ROUTE =
            "if it goes on, look at the subnet's way to the registry: a NAT gateway, or VPC"
                    + " endpoints for ecr.api, ecr.dkr, logs and s3";
    private static final String LATER = "nothing has to be done unless it goes on";

    private static final List<Rule> RULES =
            List.of(
                    // --- room ---
                    rule(
                            "capacity is unavailable|insufficient capacity|RESOURCE:FARGATE",
                            Kind.CAPACITY,
                            PROVIDER,
                            "AWS has no Fargate capacity there at the moment",
                            "try again in some minutes; more subnets in other zones"
                                    + " (CONTAINER_SUBNETS) make it rarer"),
                    rule(
                            "RESOURCE:ENI|InsufficientFreeAddresses|not have (enough|any) free"
                                    + " addresses|no available ip",
                            Kind.CAPACITY,
                            ADMIN,
                            "the subnet has no free address for another network interface",
                            "add larger subnets to CONTAINER_SUBNETS"),
                    rule(
                            "RESOURCE:",
                            Kind.CAPACITY,
                            PROVIDER,
                            "AWS cannot place the task at the moment",
                            "try again in some minutes"),
                    rule(
                            "reached the limit on the number of (vCPUs|tasks)|vCPU limit",
                            Kind.QUOTA,
                            ADMIN,
                            "as many vCPUs run on Fargate as the account may have",
                            "have the quota `Fargate On-Demand vCPU resource count` (or Spot's)"
                                    + " raised, or wait until others have ended"),
                    rule(
                            "NetworkInterfaceLimitExceeded|maximum number of network interfaces",
                            Kind.QUOTA,
                            ADMIN,
                            "as many network interfaces exist as the account may have",
                            "have the quota `Network interfaces per Region` raised"),
                    // --- AWS's own troubles ---
                    rule(
                            "timeout waiting for network interface",
                            Kind.INFRASTRUCTURE,
                            PROVIDER,
                            "AWS did not provide the network interface in time",
                            LATER),
                    rule(
                            "timeout waiting for ephemeralstorage",
                            Kind.INFRASTRUCTURE,
                            PROVIDER,
                            "AWS did not provide the disk in time",
                            LATER),
                    rule(
                            "ContainerRuntimeTimeoutError|DockerTimeoutError",
                            Kind.INFRASTRUCTURE,
                            PROVIDER,
                            "AWS's machine was too slow to start the container",
                            LATER),
                    // --- pulling the image ---
                    rule(
                            "CannotPull.*(no match(ing)? (for platform|manifest)|does not contain"
                                    + " descriptor matching platform)",
                            Kind.IMAGE,
                            ADMIN,
                            "the container image was built for another processor",
                            "build it for the task definition's architecture, or change that"),
                    rule(
                            "CannotPull.*(no space left|disk quota)",
                            Kind.CONFIGURATION,
                            ADMIN,
                            "the container image is larger than the task's disk",
                            "raise ephemeralStorage in the task definition"),
                    rule(
                            "CannotPull.*(toomanyrequests|rate limit|429)",
                            Kind.INFRASTRUCTURE,
                            ADMIN,
                            "the image's registry serves no more pulls for now",
                            "keep the image in ECR, or use a pull-through cache"),
                    rule(
                            "CannotPull.*(i/o timeout|deadline exceeded|connection reset|TLS"
                                + " handshake|connection refused|unexpected EOF|request canceled)",
                            Kind.INFRASTRUCTURE,
                            PROVIDER,
                            "the image's registry could not be reached in time",
                            ROUTE),
                    rule(
                            "CannotPull.*(access denied|not"
                                    + " authorized|AccessDenied|forbidden|403|no basic"
                                    + " auth|authorization)",
                            Kind.PERMISSION,
                            ADMIN,
                            "the task's execution role may not pull the container image",
                            "let it call ecr:GetAuthorizationToken, ecr:BatchGetImage and"
                                    + " ecr:GetDownloadUrlForLayer"),
                    rule(
                            "CannotPull.*(not found|manifest unknown|does not exist|invalid"
                                    + " reference)",
                            Kind.IMAGE,
                            ADMIN,
                            "there is no such container image",
                            "push it, or correct the image in the task definition"),
                    rule(
                            "CannotPull",
                            Kind.IMAGE,
                            ADMIN,
                            "the container image cannot be pulled",
                            "try to pull it with the task's execution role"),
                    // --- what a task needs beside its image ---
                    rule(
                            "ResourceInitializationError.*(AccessDenied|not authorized|AssumeRole)",
                            Kind.PERMISSION,
                            ADMIN,
                            "the task's execution role may not fetch what the task needs",
                            "grant it what the sentence names, and let ecs-tasks.amazonaws.com"
                                    + " assume it"),
                    rule(
                            "ResourceInitializationError.*(log group|logger args|log driver|logging"
                                    + " driver)",
                            Kind.CONFIGURATION,
                            ADMIN,
                            "the task's log cannot be written",
                            "create the log group that the task definition names, and let the"
                                    + " execution role write to it"),
                    rule(
                            "ResourceInitializationError.*(ResourceNotFound|invalid|not found)",
                            Kind.CONFIGURATION,
                            ADMIN,
                            "something that the task definition names does not exist",
                            "correct the task definition"),
                    rule(
                            "ResourceInitializationError",
                            Kind.INFRASTRUCTURE,
                            ADMIN,
                            "what the task needs could not be fetched",
                            ROUTE),
                    rule(
                            "CannotCreateVolumeError",
                            Kind.CONFIGURATION,
                            ADMIN,
                            "a volume of the task definition cannot be made",
                            "correct the task definition's volumes"),
                    rule(
                            "exec format error",
                            Kind.IMAGE,
                            ADMIN,
                            "the container image was built for another processor",
                            "build it for the task definition's architecture, or change that"),
                    rule(
                            "CannotStartContainerError.*(not found|no such file|permission denied)",
                            Kind.IMAGE,
                            ADMIN,
                            "the container image's program cannot be run",
                            "correct the command in the image or in the task definition"),
                    rule(
                            "Cannot(Start|Create|Inspect|Stop)ContainerError|InternalError",
                            Kind.INFRASTRUCTURE,
                            PROVIDER,
                            "AWS could not start the container",
                            LATER),
                    // --- ends ---
                    rule(
                            "OutOfMemory|due to memory usage",
                            Kind.OUT_OF_MEMORY,
                            USER,
                            "it used more memory than it has",
                            "use less, or launch an image with more memory"),
                    rule(
                            "failed (container )?health check",
                            Kind.EXITED,
                            ADMIN,
                            "its health check failed",
                            "look at the health check in the task definition, and at the log"),
                    rule(
                            "maintenance|retire",
                            Kind.INTERRUPTED,
                            PROVIDER,
                            "AWS replaces the machine that it ran on",
                            "launch again"));

    private Sentences() {}

    private record Rule(Pattern pattern, Kind kind, Owner owner, String detail, String hint) {
        Cause cause(String sentence) {
            return new Cause(kind, detail + quoted(sentence), owner, hint);
        }
    }

    private static Rule rule(String regex, Kind kind, Owner owner, String detail, String hint) {
        return new Rule(
                Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
                kind,
                owner,
                detail,
                hint);
    }

    /** What a sentence of AWS's says by itself, if it is one we know. */
    static Optional<Cause> of(String sentence) {
        return RULES.stream()
                .filter(rule -> rule.pattern.matcher(sentence).find())
                .findFirst()
                .map(rule -> rule.cause(sentence));
    }

    /** AWS's own words, without line breaks, as an addition to a sentence of ours. */
    static String quoted(String sentence) {
        var clean = sentence.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.isEmpty() ? "" : ": " + clean;
    }
}
