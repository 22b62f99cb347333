package io.tollgate.controlplane.admin.attempt;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which refused attempts get a row of their own in the audit. Somebody who has no token must not be able to fill the database: each source
 * has a bucket that refills slowly, and all strangers together have one as well; sources that are forgotten for want of room start with
 * a full bucket, which the common one makes up for. Shared; guarded by itself.
 */
final class AttemptBudget {
    /** Rows at once. */
    enum Bounds {
        /** One address (of IPv6: one network of 64 bits) without a token: a person who tries tokens is seen whole, a program is not. */
        STRANGER(20, 60_000),
        /** All strangers together: at most 8,640 rows a day beyond the burst, some megabytes. */
        STRANGERS(200, 10_000),
        /** One token: whoever has it is answerable for it, but a script that runs wild must not fill the database either. */
        KNOWN(100, 10_000);

        private final int burst;
        private final long refillMillis;

        Bounds(int burst, long refillMillis) {
            this.burst = burst;
            this.refillMillis = refillMillis;
        }
    }

    /** Sources whose buckets are remembered, those that were seen last. */
    static final int SOURCES_MAX = 10_000;

    /** Tokens of one source; they come back one at a time. */
    private static final class Bucket {
        private final Bounds bounds;
        private double tokens;
        private long seenMillis;

        Bucket(Bounds bounds, long nowMillis) {
            this.bounds = bounds;
            this.tokens = bounds.burst;
            this.seenMillis = nowMillis;
        }

        boolean isEmpty(long nowMillis) {
            long passed = Math.max(0, nowMillis - seenMillis);
            tokens = Math.min(bounds.burst, tokens + (double) passed / bounds.refillMillis);
            seenMillis = nowMillis;
            return tokens < 1;
        }
    }

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > SOURCES_MAX;
        }
    };

    private @Nullable Bucket strangers;

    /** Whether an attempt of somebody whose token {@code key} names gets a row of its own. */
    synchronized boolean admitsKnown(String key, long nowMillis) {
        Bucket own = bucket("known " + key, Bounds.KNOWN, nowMillis);
        if (own.isEmpty(nowMillis)) {
            return false;
        }
        own.tokens--;
        return true;
    }

    /** Whether an attempt of a stranger at {@code address} gets a row of its own. */
    synchronized boolean admitsStranger(String address, long nowMillis) {
        if (strangers == null) {
            strangers = new Bucket(Bounds.STRANGERS, nowMillis);
        }
        Bucket own = bucket("stranger " + network(address), Bounds.STRANGER, nowMillis);
        if (own.isEmpty(nowMillis) || strangers.isEmpty(nowMillis)) {
            return false;
        }
        own.tokens--;
        strangers.tokens--;
        return true;
    }

    private Bucket bucket(String key, Bounds bounds, long nowMillis) {
        return buckets.computeIfAbsent(key, unknown -> new Bucket(bounds, nowMillis));
    }

    /** Of IPv6 the first four groups: whoever has one such address has them all. */
    static String network(String address) {
        String[] groups = address.split(":", -1);
        return groups.length < 8 ? address : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }
}
