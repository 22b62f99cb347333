package io.tollgate.engine.compile;

import io.tollgate.engine.upstream.CallOverride;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.HedgeRules;
import io.tollgate.engine.upstream.RetryRules;
import io.tollgate.engine.upstream.RetryRules.Condition;
import io.tollgate.proto.config.v1.Hedge;
import io.tollgate.proto.config.v1.Retry;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.RouteTimeouts;
import io.tollgate.proto.config.v1.Service;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Time-outs and retries of services, and what routes say in their place. Compile thread only. */
final class CallRulesCompiler {
    private static final int CONNECT_TIMEOUT_MILLIS_MAX = 60_000;
    private static final int TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final int CALL_TIMEOUT_MILLIS_MAX = 86_400_000;
    private static final int RETRIES_MAX = 10;
    private static final int STATUSES_MAX = 16;
    private static final int BACKOFF_MILLIS_MAX = 60_000;
    /** Kept for each call that may be repeated. */
    private static final int BODY_BYTES_MAX = 1_048_576;

    private static final int FLOOR_MAX = 1_000;
    private static final int HEDGE_MILLIS_MAX = 60_000;
    /** Each is a call more for a service that may be slow because it has too many. */
    private static final int HEDGES_MAX = 3;

    private static final int PRIORITY_MAX = 100;

    private CallRulesCompiler() {}

    static void check(Service service, ObjectProblems problems) {
        problems.range("/connect_timeout_millis", service.getConnectTimeoutMillis(), 1, CONNECT_TIMEOUT_MILLIS_MAX);
        problems.range("/response_timeout_millis", service.getResponseTimeoutMillis(), 1, TIMEOUT_MILLIS_MAX);
        problems.range("/idle_timeout_millis", service.getIdleTimeoutMillis(), 1, TIMEOUT_MILLIS_MAX);
        problems.range("/call_timeout_millis", service.getCallTimeoutMillis(), 0, CALL_TIMEOUT_MILLIS_MAX);
        if (service.hasRetry()) {
            check(service.getRetry(), problems);
        }
        if (service.hasHedge()) {
            check(service.getHedge(), problems);
        }
    }

    static void check(Route route, ObjectProblems problems) {
        RouteTimeouts own = route.getTimeouts();
        problems.range(
                "/timeouts/connect_timeout_millis", own.getConnectTimeoutMillis(), 0, CONNECT_TIMEOUT_MILLIS_MAX);
        problems.range("/timeouts/response_timeout_millis", own.getResponseTimeoutMillis(), 0, TIMEOUT_MILLIS_MAX);
        problems.range("/timeouts/idle_timeout_millis", own.getIdleTimeoutMillis(), 0, TIMEOUT_MILLIS_MAX);
        problems.range("/timeouts/call_timeout_millis", own.getCallTimeoutMillis(), 0, CALL_TIMEOUT_MILLIS_MAX);
        if (route.hasRetry()) {
            check(route.getRetry(), problems);
        }
        if (route.hasHedge()) {
            check(route.getHedge(), problems);
        }
        problems.range("/priority", Integer.toUnsignedLong(route.getPriority()), 0, PRIORITY_MAX);
    }

    private static void check(Hedge hedge, ObjectProblems problems) {
        problems.range("/hedge/delay_millis", Integer.toUnsignedLong(hedge.getDelayMillis()), 1, HEDGE_MILLIS_MAX);
        problems.range("/hedge/hedges", Integer.toUnsignedLong(hedge.getHedges()), 1, HEDGES_MAX);
    }

    private static void check(Retry retry, ObjectProblems problems) {
        problems.range("/retry/retries", retry.getRetries(), 1, RETRIES_MAX);
        if (retry.getConditionsCount() == 0) {
            problems.add("/retry/conditions", "none", "at least one of connect, reset, timeout and status");
        }
        for (int i = 0; i < retry.getConditionsCount(); i++) {
            if (condition(retry.getConditions(i)) == null) {
                problems.add(
                        "/retry/conditions/" + i, retry.getConditionsValue(i), "connect, reset, timeout or status");
            }
        }
        if (retry.getStatusesCount() > STATUSES_MAX) {
            problems.add("/retry/statuses", retry.getStatusesCount() + " statuses", "at most " + STATUSES_MAX);
        }
        for (int i = 0; i < retry.getStatusesCount(); i++) {
            problems.range("/retry/statuses/" + i, retry.getStatuses(i), 400, 599);
        }
        if (retry.getConditionsList().contains(RetryCondition.RETRY_CONDITION_STATUS)
                && retry.getStatusesCount() == 0) {
            problems.add("/retry/statuses", "none", "at least one, since status is among the conditions");
        }
        problems.range("/retry/attempt_timeout_millis", retry.getAttemptTimeoutMillis(), 0, TIMEOUT_MILLIS_MAX);
        problems.range("/retry/backoff_millis", retry.getBackoffMillis(), 0, BACKOFF_MILLIS_MAX);
        problems.range("/retry/backoff_millis_max", retry.getBackoffMillisMax(), 0, BACKOFF_MILLIS_MAX);
        if (retry.getBackoffMillis() > retry.getBackoffMillisMax()) {
            problems.add("/retry/backoff_millis", retry.getBackoffMillis(), "at most backoff_millis_max");
        }
        problems.range("/retry/body_bytes_max", retry.getBodyBytesMax(), 0, BODY_BYTES_MAX);
        problems.range("/retry/budget_percent", retry.getBudgetPercent(), 1, 100);
        problems.range("/retry/budget_retries_per_second_min", retry.getBudgetRetriesPerSecondMin(), 0, FLOOR_MAX);
    }

    static CallRules compile(Service service) {
        return new CallRules(
                service.getConnectTimeoutMillis(),
                service.getResponseTimeoutMillis(),
                service.getIdleTimeoutMillis(),
                service.getCallTimeoutMillis(),
                service.hasRetry() ? retry(service.getRetry()) : null,
                service.hasHedge() ? hedge(service.getHedge()) : null,
                CallRules.PRIORITY_DEFAULT);
    }

    /** What the route says in place of its services; null when it says nothing. */
    static @Nullable CallOverride overrides(Route route) {
        int priority = priority(route);
        if (!route.hasTimeouts() && !route.hasRetry() && !route.hasHedge() && priority == CallRules.PRIORITY_DEFAULT) {
            return null;
        }
        RouteTimeouts own = route.getTimeouts();
        return new CallOverride(
                own.getConnectTimeoutMillis(),
                own.getResponseTimeoutMillis(),
                own.getIdleTimeoutMillis(),
                own.getCallTimeoutMillis(),
                route.hasRetry() ? retry(route.getRetry()) : null,
                route.hasHedge() ? hedge(route.getHedge()) : null,
                priority);
    }

    /** What a route says, or what one that says nothing has. */
    static int priority(Route route) {
        return route.hasPriority() ? route.getPriority() : CallRules.PRIORITY_DEFAULT;
    }

    private static HedgeRules hedge(Hedge hedge) {
        return new HedgeRules(hedge.getDelayMillis(), hedge.getHedges());
    }

    private static RetryRules retry(Retry retry) {
        Set<Condition> conditions = new HashSet<>();
        for (RetryCondition listed : retry.getConditionsList()) {
            Condition condition = condition(listed);
            if (condition != null) {
                conditions.add(condition);
            }
        }
        return new RetryRules(
                retry.getRetries(),
                conditions,
                new HashSet<>(retry.getStatusesList()),
                retry.getAttemptTimeoutMillis(),
                retry.getBackoffMillis(),
                retry.getBackoffMillisMax(),
                retry.getNonIdempotent(),
                retry.getBodyBytesMax(),
                retry.getBudgetPercent(),
                retry.getBudgetRetriesPerSecondMin(),
                retry.getMarkAttempts());
    }

    private static @Nullable Condition condition(RetryCondition wire) {
        return switch (wire) {
            case RETRY_CONDITION_CONNECT -> Condition.CONNECT;
            case RETRY_CONDITION_RESET -> Condition.RESET;
            case RETRY_CONDITION_TIMEOUT -> Condition.TIMEOUT;
            case RETRY_CONDITION_STATUS -> Condition.STATUS;
            case RETRY_CONDITION_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }
}
