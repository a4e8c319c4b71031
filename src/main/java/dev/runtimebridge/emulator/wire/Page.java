package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;

import java.util.List;

/**
 * One page of what EC2 describes. Source: MaxResults and NextToken of the Describe actions of the
 * EC2 API reference.
 *
 * @param next empty on the last page
 */
record Page<T>(List<T> items, String next) {
    private static final int LEAST = 5;
    private static final int MOST = 1_000;

    static <T> Page<T> of(List<T> all, QueryParameters request) {
        int size = request.number("MaxResults").orElse(MOST);
        if (size < LEAST || size > MOST) {
            throw AwsException.client(
                    "InvalidParameterValue",
                    "Value (%d) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
                            .formatted(size));
        }
        int from = request.text("NextToken").isEmpty() ? 0 : position(request.text("NextToken"));
        int to = Math.min(all.size(), from + size);
        return new Page<>(all.subList(Math.min(from, to), to), to < all.size() ? "page-" + to : "");
    }

    private static int position(String token) {
        try {
            return Integer.parseInt(token.substring("page-".length()));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw AwsException.client("InvalidNextToken", "The token '" + token + "' is invalid.");
        }
    }
}
