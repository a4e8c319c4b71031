package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.script.Scenario;

import java.util.function.Supplier;

/**
 * What IAM denies. Source of the message: "Access denied error messages" of the IAM user guide, the
 * case of an implicit denial.
 */
final class Permissions {
    /** The role that all calls come from. */
    static final String ROLE = "bridge";

    private static final int FORBIDDEN = 403;

    private final Supplier<Scenario> scenario;

    Permissions(Supplier<Scenario> scenario) {
        this.scenario = scenario;
    }

    boolean allows(String action) {
        var denied = scenario.get().denied();
        var service = action.substring(0, action.indexOf(':'));
        return !denied.contains(action)
                && !denied.contains("*")
                && !denied.contains(service + ":*");
    }

    /**
     * Refuses what IAM denies.
     *
     * @param action {@code ecs:RunTask}
     * @throws AwsException as the action's service says it
     */
    void require(String action, String resource) {
        if (allows(action)) {
            return;
        }
        var message =
                "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action"
                        .formatted(caller(), action, resource, action);
        if (action.startsWith("ec2:")) {
            throw new AwsException(
                    FORBIDDEN,
                    "UnauthorizedOperation",
                    "You are not authorized to perform this operation. " + message);
        }
        if (action.startsWith("sts:") || action.startsWith("iam:Simulate")) {
            throw new AwsException(FORBIDDEN, "AccessDenied", message);
        }
        throw AwsException.client("AccessDeniedException", message);
    }

    /** The ARN that all calls come from. */
    String caller() {
        return "arn:aws:sts::" + scenario.get().account() + ":assumed-role/" + ROLE + "/emulated";
    }
}
