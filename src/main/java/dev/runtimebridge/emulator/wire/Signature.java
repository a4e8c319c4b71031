package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Checks that a request is signed, and for whom; the signature itself is only looked at, since the
 * emulator shares no secret with its callers. Source: "Signing AWS API requests" of the IAM user
 * guide, and the common errors of the ECS API reference.
 */
final class Signature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Pattern SCOPE =
            Pattern.compile("([A-Za-z0-9]{4,128})/(\\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern DATE = Pattern.compile("\\d{8}T\\d{6}Z");

    /** Services without regions, or not only with them, and where those are signed for. */
    private static final Set<String> GLOBAL = Set.of("iam", "sts");

    private static final String GLOBAL_REGION = "us-east-1";

    private Signature() {}

    /**
     * Refuses what is not signed, or for another region or service.
     *
     * @param authorization the header, empty if there is none
     * @param date the header X-Amz-Date, likewise
     * @throws AwsException naming what is wrong
     */
    static void check(String authorization, String date, String region, String service) {
        if (authorization.isEmpty()) {
            throw AwsException.client(
                    "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        if (!authorization.startsWith(ALGORITHM + " ")) {
            throw incomplete("Unsupported AWS 'algorithm': '" + firstWord(authorization) + "'.");
        }
        var parts = parts(authorization.substring(ALGORITHM.length()));
        for (var part : List.of("Credential", "SignedHeaders", "Signature")) {
            if (!parts.containsKey(part)) {
                throw incomplete("Authorization header requires '" + part + "' parameter.");
            }
        }
        if (!DATE.matcher(date).matches()) {
            throw incomplete(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                            + " header.");
        }
        var scope = SCOPE.matcher(parts.getOrDefault("Credential", ""));
        if (!scope.matches() || !HEX.matcher(parts.getOrDefault("Signature", "")).matches()) {
            throw incomplete("Credential or Signature is malformed.");
        }
        scoped(
                scope.group(3).equals(region)
                        || (GLOBAL.contains(service) && scope.group(3).equals(GLOBAL_REGION)),
                "a valid region, not '" + scope.group(3) + "'.");
        scoped(scope.group(4).equals(service), "correct service: '" + service + "'.");
        scoped(date.startsWith(scope.group(2)), "the date of the request.");
    }

    private static Map<String, String> parts(String text) {
        var parts = new TreeMap<String, String>();
        for (var part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        return parts;
    }

    private static void scoped(boolean right, String to) {
        if (!right) {
            throw AwsException.client(
                    "InvalidSignatureException", "Credential should be scoped to " + to);
        }
    }

    private static AwsException incomplete(String message) {
        return AwsException.client("IncompleteSignatureException", message);
    }

    private static String firstWord(String text) {
        return text.split(" ", 2)[0];
    }
}
