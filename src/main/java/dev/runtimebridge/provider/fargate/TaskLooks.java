package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.ProviderException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.List;

/** Asks AWS what the watch finds worth asking, many tasks with each call. */
final class TaskLooks {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLooks.class);

    private final TaskWatch watch;
    private final Tasks tasks;
    private final Places places;
    private final PublicAddresses addresses;

    TaskLooks(TaskWatch watch, Tasks tasks, Places places, PublicAddresses addresses) {
        this.watch = watch;
        this.tasks = tasks;
        this.places = places;
        this.addresses = addresses;
    }

    /**
     * Looks at those of these tasks whose time has come.
     *
     * @throws ProviderException when AWS does not say how they are
     */
    void at(Collection<ContainerRef> refs) {
        describe(watch.due(refs));
        findPublicAddresses(refs);
    }

    private void describe(List<ContainerRef> due) {
        for (int from = 0; from < due.size(); from += TaskWatch.MOST_PER_CALL) {
            var asked = due.subList(from, Math.min(due.size(), from + TaskWatch.MOST_PER_CALL));
            try {
                var seen = tasks.describe(asked);
                seen.replaceAll((ref, one) -> placed(one));
                watch.saw(asked, seen);
            } catch (RuntimeException e) {
                watch.failed(due.subList(from, due.size()));
                throw e;
            }
        }
    }

    /** What was seen; a task that ended for want of room says that of the place where it was. */
    Sighting placed(Sighting seen) {
        var end = seen.end();
        var place = seen.place();
        return end == null || place == null ? seen : seen.ended(places.judged(end, place));
    }

    private void findPublicAddresses(Collection<ContainerRef> refs) {
        var wanted = watch.withoutPublicAddress(refs);
        if (wanted.isEmpty()) {
            return;
        }
        try {
            var found = addresses.of(wanted.values());
            wanted.forEach(
                    (ref, at) -> {
                        var ip = found.get(at);
                        if (ip != null) {
                            watch.foundPublicAddress(ref, ip);
                        }
                    });
        } catch (ProviderException e) {
            // What was seen of the tasks themselves counts all the same.
            LOG.warn("no public addresses for now: {}", e.why().text());
        }
    }
}
