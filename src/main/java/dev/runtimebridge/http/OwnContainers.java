package dev.runtimebridge.http;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.Claim;

import io.javalin.http.Context;

/** Finds the container that a request's path names, among the caller's own. */
record OwnContainers(Allocations allocations, Callers callers) {
    /**
     * The caller's claim with the id in the path.
     *
     * @throws ProblemException 401 without a user, 404 when it is nobody's or somebody else's
     */
    Claim named(Context ctx) {
        var user = callers.user(ctx).user();
        return allocations.find(user, id(ctx)).orElseThrow(OwnContainers::nothing);
    }

    /** The id in the path; what is no id cannot be found either. */
    static AllocationId id(Context ctx) {
        try {
            return new AllocationId(ctx.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw nothing();
        }
    }

    static ProblemException nothing() {
        return new ProblemException(ProblemKind.NOT_FOUND, "you have no container with this id");
    }
}
