package dev.runtimebridge.gateway;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

import dev.runtimebridge.allocation.StoreUnavailable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Shares as the store had them within the last {@link #RECENT}. */
public final class RecentShares implements Shares {
    /** With a gateway's own memory it makes less than a second. */
    static final Duration RECENT = Duration.ofMillis(150);

    private static final int MOST = 20_000;

    private final InstantSource clock;
    private final LoadingCache<String, Optional<Share>> recent;

    public RecentShares(ShareStore store, InstantSource clock) {
        this.clock = clock;
        this.recent =
                Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(RECENT).build(store::find);
    }

    @Override
    public Standing standing(String share) {
        try {
            return recent.get(share).filter(found -> found.validAt(clock.instant())).isPresent()
                    ? Standing.VALID
                    : Standing.WITHDRAWN;
        } catch (StoreUnavailable e) {
            return Standing.UNKNOWN;
        }
    }
}
