package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * How long the calls of one route may take, and what is tried again: the route's word, else its service's. Immutable.
 *
 * @param connectTimeoutMillis longest wait for a connection
 * @param responseTimeoutMillis from the last byte of the request sent to the first byte of the answer's head
 * @param idleTimeoutMillis longest silence in either body
 * @param callTimeoutMillis longest whole call, retries and waiting included; 0: unbounded
 * @param retry null: nothing is tried again but a call on a pooled connection that turns out to be closed
 * @param hedge null: a call is sent to one target at a time
 * @param priority 0 to 100: who waits first, and who is shed last, when the service is saturated
 */
public record CallRules(
        long connectTimeoutMillis,
        long responseTimeoutMillis,
        long idleTimeoutMillis,
        long callTimeoutMillis,
        @Nullable RetryRules retry,
        @Nullable HedgeRules hedge,
        int priority) {
    /** Of a route that says nothing else. */
    public static final int PRIORITY_DEFAULT = 50;

    /** Rules without retries and hedges, of the ordinary priority. */
    public static CallRules plain(
            long connectTimeoutMillis, long responseTimeoutMillis, long idleTimeoutMillis, long callTimeoutMillis) {
        return new CallRules(
                connectTimeoutMillis,
                responseTimeoutMillis,
                idleTimeoutMillis,
                callTimeoutMillis,
                null,
                null,
                PRIORITY_DEFAULT);
    }

    /** These rules without retries and hedges. */
    public CallRules once() {
        return new CallRules(
                connectTimeoutMillis,
                responseTimeoutMillis,
                idleTimeoutMillis,
                callTimeoutMillis,
                null,
                null,
                priority);
    }

    /** These rules with what a route says in their place. */
    public CallRules with(@Nullable CallOverride own) {
        if (own == null) {
            return this;
        }
        return new CallRules(
                own.connectTimeoutMillis() == 0 ? connectTimeoutMillis : own.connectTimeoutMillis(),
                own.responseTimeoutMillis() == 0 ? responseTimeoutMillis : own.responseTimeoutMillis(),
                own.idleTimeoutMillis() == 0 ? idleTimeoutMillis : own.idleTimeoutMillis(),
                own.callTimeoutMillis() == 0 ? callTimeoutMillis : own.callTimeoutMillis(),
                own.retry() == null ? retry : own.retry(),
                own.hedge() == null ? hedge : own.hedge(),
                own.priority());
    }
}
