package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event.Phase;

/** Ends allocations and says so in their stories. */
final class Endings {
    private Endings() {}

    static void end(Pass pass, Allocation allocation, EndReason why) {
        pass.put(allocation.end(why, pass.now()));
        pass.tell(allocation.id(), pass.now(), Phase.ENDED, told(why));
    }

    static void startEnding(Pass pass, Allocation allocation, EndReason why) {
        pass.put(allocation.startEnding(why));
        pass.tell(allocation.id(), pass.now(), Phase.ENDING, told(why));
    }

    private static String told(EndReason why) {
        var hint = why.fault().map(fault -> fault.hint()).orElse("");
        return hint.isEmpty() ? why.detail() : why.detail() + "; " + hint;
    }
}
