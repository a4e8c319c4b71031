package dev.runtimebridge.provider.docker;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What users' containers stand on: their network, and the volume of homes. Made when needed. */
final class Ground {
    private final ContainerNetwork network;
    private final Homes homes;
    private final Supplier<URI> bridgeUrl;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made made;

    /**
     * @param bridgeUrl where agents call home, the one thing on the machine that they may call
     */
    Ground(ContainerNetwork network, Homes homes, Supplier<URI> bridgeUrl) {
        this.network = network;
        this.homes = homes;
        this.bridgeUrl = bridgeUrl;
    }

    /**
     * What there is now.
     *
     * @param bridgeUrl which the rules let containers call
     * @param homes where the engine's machine has the volume of homes
     */
    record Made(URI bridgeUrl, String homes) {}

    /** Makes what is missing. Cheap when nothing is. */
    Made made() {
        var url = bridgeUrl.get();
        var there = made;
        if (there != null && there.bridgeUrl.equals(url)) {
            return there;
        }
        making.lock();
        try {
            network.gateway();
            network.protect(List.of(url));
            there = new Made(url, homes.open());
            made = there;
            return there;
        } finally {
            making.unlock();
        }
    }

    /** Something failed: what stood may not stand any more. */
    void doubt() {
        made = null;
    }

    /** Takes all of it away again, except for what users keep. */
    void dismantle() {
        homes.close();
        network.remove();
        made = null;
    }
}
