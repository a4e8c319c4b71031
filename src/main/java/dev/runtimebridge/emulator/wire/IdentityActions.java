package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** Who calls, and what they may. */
final class IdentityActions {
    private static final int NOT_FOUND = 404;
    private static final Pattern ROLE = Pattern.compile("arn:aws:iam::(\\d{12}):role/(.+)");

    private IdentityActions() {}

    /** STS. Source: GetCallerIdentity of the STS API reference. */
    record Sts(Region region, Permissions permissions) implements QueryActions {
        private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

        @Override
        public String service() {
            return "sts";
        }

        @Override
        public boolean admits(String action, QueryParameters request) {
            return true;
        }

        @Override
        public String answer(String action, QueryParameters request) {
            if (!action.equals("GetCallerIdentity")) {
                throw AwsException.client("InvalidAction", "sts:" + action + " is not emulated");
            }
            return Xml.document(
                    "GetCallerIdentityResponse",
                    NAMESPACE,
                    xml ->
                            xml.element(
                                            "GetCallerIdentityResult",
                                            _ ->
                                                    xml.text("Arn", permissions.caller())
                                                            .text("UserId", "AROAEMULATED:emulated")
                                                            .text(
                                                                    "Account",
                                                                    region.scenario().account()))
                                    .element(
                                            "ResponseMetadata",
                                            _ -> xml.text("RequestId", UUID.randomUUID())));
        }
    }

    /** IAM. Source: SimulatePrincipalPolicy of the IAM API reference. */
    record Iam(Region region, Permissions permissions) implements QueryActions {
        private static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

        @Override
        public String service() {
            return "iam";
        }

        @Override
        public boolean admits(String action, QueryParameters request) {
            return true;
        }

        @Override
        public String answer(String action, QueryParameters request) {
            if (!action.equals("SimulatePrincipalPolicy")) {
                throw AwsException.client("InvalidAction", "iam:" + action + " is not emulated");
            }
            principal(request.text("PolicySourceArn"));
            var actions = request.list("ActionNames");
            if (actions.isEmpty()) {
                throw AwsException.client("ValidationError", "ActionNames must not be empty");
            }
            var resources = request.list("ResourceArns");
            var resource = resources.isEmpty() ? "*" : resources.getFirst();
            return Xml.document(
                    "SimulatePrincipalPolicyResponse",
                    NAMESPACE,
                    xml ->
                            xml.element(
                                    "SimulatePrincipalPolicyResult",
                                    _ ->
                                            xml.text("IsTruncated", false)
                                                    .members(
                                                            "EvaluationResults",
                                                            actions,
                                                            (item, name) ->
                                                                    result(item, name, resource))));
        }

        private void result(Xml xml, String action, String resource) {
            xml.text("EvalActionName", action)
                    .text("EvalResourceName", resource)
                    .text("EvalDecision", permissions.allows(action) ? "allowed" : "implicitDeny")
                    .members("MatchedStatements", List.<String>of(), (_, _) -> {})
                    .members("MissingContextValues", List.<String>of(), (_, _) -> {});
        }

        /** An assumed role's session is no principal of IAM; its role is. */
        private void principal(String arn) {
            var role = ROLE.matcher(arn);
            if (!role.matches() || !role.group(1).equals(region.scenario().account())) {
                throw AwsException.client("InvalidInput", "Invalid ARN: " + arn);
            }
            if (!role.group(2).equals(Permissions.ROLE)) {
                throw new AwsException(
                        NOT_FOUND,
                        "NoSuchEntity",
                        "The role with name " + role.group(2) + " cannot be found.");
            }
        }
    }
}
