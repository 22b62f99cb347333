package io.tollgate.engine.compile;

import io.tollgate.engine.upstream.CheckRules;
import io.tollgate.engine.upstream.CheckType;
import io.tollgate.engine.upstream.Choice;
import io.tollgate.engine.upstream.CircuitRules;
import io.tollgate.engine.upstream.EjectionRules;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.proto.config.v1.CircuitBreaker;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import io.tollgate.proto.config.v1.Ejection;
import io.tollgate.proto.config.v1.HashSource;
import io.tollgate.proto.config.v1.HealthCheck;
import io.tollgate.proto.config.v1.HealthCheckType;
import io.tollgate.proto.config.v1.LoadBalancing;
import io.tollgate.proto.config.v1.LoadBalancingAlgorithm;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.StatusRange;
import io.tollgate.proto.config.v1.WhenUnhealthy;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How services choose, judge and spare their targets. Compile thread only. */
final class ChoiceCompiler {
    private static final int SLOW_START_MILLIS_MAX = 900_000;
    private static final int LOAD_BOUND_PERCENT_MAX = 1_000;
    private static final int INTERVAL_MILLIS_MAX = 3_600_000;
    private static final int EJECTION_MILLIS_MAX_MAX = 86_400_000;
    private static final int CHECK_TIMEOUT_MILLIS_MAX = 60_000;
    private static final int THRESHOLD_MAX = 100;
    private static final int RANGES_MAX = 16;
    private static final int GRPC_SERVICE_MAX = 253;
    private static final int MINIMUM_CALLS_MAX = 1_000_000;
    private static final int CIRCUIT_MILLIS_MAX = 600_000;
    private static final int CALLS_MAX_MAX = 1_000_000;
    private static final int QUEUE_MAX_MAX = 100_000;
    private static final int RETRY_AFTER_SECONDS_MAX = 3_600;

    private ChoiceCompiler() {}

    static void check(Service service, ObjectProblems problems) {
        if (service.hasLoadBalancing()) {
            check(service.getLoadBalancing(), problems);
        }
        if (service.hasHealthCheck()) {
            check(service.getHealthCheck(), problems);
        }
        if (service.hasEjection()) {
            check(service.getEjection(), problems);
        }
        if (service.getWhenUnhealthy() == WhenUnhealthy.UNRECOGNIZED) {
            problems.add("/when_unhealthy", service.getWhenUnhealthyValue(), "refuse or fail-open");
        }
        if (service.hasCircuitBreaker()) {
            check(service.getCircuitBreaker(), problems);
        }
        if (service.hasConcurrencyLimit()) {
            check(service.getConcurrencyLimit(), problems);
        }
    }

    private static void check(LoadBalancing wire, ObjectProblems problems) {
        String at = "/load_balancing";
        LoadBalancingAlgorithm algorithm = wire.getAlgorithm();
        if (algorithm == LoadBalancingAlgorithm.UNRECOGNIZED
                || algorithm == LoadBalancingAlgorithm.LOAD_BALANCING_ALGORITHM_UNSPECIFIED) {
            problems.add(
                    at + "/algorithm", wire.getAlgorithmValue(), "round-robin, least-in-flight or consistent-hash");
        }
        boolean hashes = algorithm == LoadBalancingAlgorithm.LOAD_BALANCING_ALGORITHM_CONSISTENT_HASH;
        HashSource source = wire.getHashSource();
        if (hashes && (source == HashSource.HASH_SOURCE_UNSPECIFIED || source == HashSource.UNRECOGNIZED)) {
            problems.add(at + "/hash_source", "nothing", "consumer, client-address, header or cookie");
        }
        boolean named = source == HashSource.HASH_SOURCE_HEADER || source == HashSource.HASH_SOURCE_COOKIE;
        if (hashes && named && !NameText.isHeader(wire.getHashName())) {
            problems.add(at + "/hash_name", wire.getHashName(), NameText.HEADER_EXPECTED);
        }
        problems.range(at + "/load_bound_percent", wire.getLoadBoundPercent(), 0, LOAD_BOUND_PERCENT_MAX);
        if (wire.getLoadBoundPercent() > 0 && wire.getLoadBoundPercent() < 100) {
            problems.add(at + "/load_bound_percent", wire.getLoadBoundPercent(), "0, or 100 to 1000");
        }
        problems.range(at + "/slow_start_millis", wire.getSlowStartMillis(), 0, SLOW_START_MILLIS_MAX);
        problems.range(at + "/zone_healthy_percent_min", wire.getZoneHealthyPercentMin(), 0, 100);
    }

    private static void check(HealthCheck wire, ObjectProblems problems) {
        String at = "/health_check";
        if (type(wire.getType()) == null) {
            problems.add(at + "/type", wire.getTypeValue(), "http, tcp or grpc");
        }
        if (wire.getType() == HealthCheckType.HEALTH_CHECK_TYPE_HTTP && !isTarget(wire.getPath())) {
            problems.add(at + "/path", wire.getPath(), "a path that starts with / and has only printable characters");
        }
        if (!wire.getHost().isEmpty() && !isPrintable(wire.getHost())) {
            problems.add(at + "/host", wire.getHost(), "a host with or without a port");
        }
        if (wire.getGrpcService().length() > GRPC_SERVICE_MAX || !isPrintable(wire.getGrpcService())) {
            problems.add(
                    at + "/grpc_service",
                    wire.getGrpcService(),
                    "at most " + GRPC_SERVICE_MAX + " printable characters");
        }
        problems.range(at + "/interval_millis", wire.getIntervalMillis(), 100, INTERVAL_MILLIS_MAX);
        problems.range(at + "/timeout_millis", wire.getTimeoutMillis(), 10, CHECK_TIMEOUT_MILLIS_MAX);
        problems.range(at + "/healthy_threshold", wire.getHealthyThreshold(), 1, THRESHOLD_MAX);
        problems.range(at + "/unhealthy_threshold", wire.getUnhealthyThreshold(), 1, THRESHOLD_MAX);
        if (wire.getExpectedStatusesCount() > RANGES_MAX) {
            problems.add(
                    at + "/expected_statuses", wire.getExpectedStatusesCount() + " ranges", "at most " + RANGES_MAX);
        }
        for (int i = 0; i < wire.getExpectedStatusesCount(); i++) {
            StatusRange range = wire.getExpectedStatuses(i);
            problems.range(at + "/expected_statuses/" + i + "/first", range.getFirst(), 100, 599);
            problems.range(at + "/expected_statuses/" + i + "/last", range.getLast(), range.getFirst(), 599);
        }
    }

    private static boolean isTarget(String path) {
        return path.startsWith("/") && isPrintable(path) && path.indexOf('#') < 0;
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static void check(Ejection wire, ObjectProblems problems) {
        String at = "/ejection";
        problems.range(at + "/consecutive_failures", wire.getConsecutiveFailures(), 0, 1_000);
        problems.range(at + "/error_rate_percent", wire.getErrorRatePercent(), 0, 100);
        problems.range(at + "/error_rate_margin_percent", wire.getErrorRateMarginPercent(), 0, 100);
        problems.range(at + "/minimum_calls", wire.getMinimumCalls(), 1, MINIMUM_CALLS_MAX);
        problems.range(at + "/interval_millis", wire.getIntervalMillis(), 100, INTERVAL_MILLIS_MAX);
        problems.range(at + "/ejection_millis", wire.getEjectionMillis(), 100, INTERVAL_MILLIS_MAX);
        problems.range(at + "/ejection_millis_max", wire.getEjectionMillisMax(), 100, EJECTION_MILLIS_MAX_MAX);
        if (wire.getEjectionMillis() > wire.getEjectionMillisMax()) {
            problems.add(at + "/ejection_millis", wire.getEjectionMillis(), "at most ejection_millis_max");
        }
        problems.range(at + "/ejected_percent_max", wire.getEjectedPercentMax(), 1, 100);
        problems.range(at + "/panic_percent", wire.getPanicPercent(), 0, 100);
    }

    private static void check(CircuitBreaker wire, ObjectProblems problems) {
        String at = "/circuit_breaker";
        problems.range(at + "/failure_percent", wire.getFailurePercent(), 1, 100);
        problems.range(at + "/minimum_calls", wire.getMinimumCalls(), 1, MINIMUM_CALLS_MAX);
        problems.range(at + "/window_millis", wire.getWindowMillis(), 1_000, CIRCUIT_MILLIS_MAX);
        problems.range(at + "/open_millis", wire.getOpenMillis(), 100, CIRCUIT_MILLIS_MAX);
        problems.range(at + "/probes", wire.getProbes(), 1, THRESHOLD_MAX);
    }

    private static void check(ConcurrencyLimit wire, ObjectProblems problems) {
        String at = "/concurrency_limit";
        problems.range(at + "/calls_max", wire.getCallsMax(), 1, CALLS_MAX_MAX);
        if (wire.getAdaptive()) {
            problems.range(
                    at + "/calls_min",
                    Integer.toUnsignedLong(wire.getCallsMin()),
                    1,
                    Math.max(1, Integer.toUnsignedLong(wire.getCallsMax())));
        }
        problems.range(at + "/queue_max", wire.getQueueMax(), 0, QUEUE_MAX_MAX);
        problems.range(at + "/queue_timeout_millis", wire.getQueueTimeoutMillis(), 1, CHECK_TIMEOUT_MILLIS_MAX);
        problems.range(at + "/retry_after_seconds", wire.getRetryAfterSeconds(), 1, RETRY_AFTER_SECONDS_MAX);
    }

    static Choice.Rules choice(Service service) {
        boolean failOpen = service.getWhenUnhealthy() == WhenUnhealthy.WHEN_UNHEALTHY_FAIL_OPEN;
        LoadBalancing wire = service.getLoadBalancing();
        Choice.Algorithm algorithm = switch (wire.getAlgorithm()) {
            case LOAD_BALANCING_ALGORITHM_LEAST_IN_FLIGHT -> Choice.Algorithm.LEAST_IN_FLIGHT;
            case LOAD_BALANCING_ALGORITHM_CONSISTENT_HASH -> Choice.Algorithm.CONSISTENT_HASH;
            default -> Choice.Algorithm.ROUND_ROBIN;
        };
        return new Choice.Rules(
                algorithm,
                algorithm == Choice.Algorithm.CONSISTENT_HASH ? hash(wire) : null,
                wire.getLoadBoundPercent(),
                wire.getSlowStartMillis(),
                wire.getZoneHealthyPercentMin(),
                failOpen);
    }

    private static HashRules hash(LoadBalancing wire) {
        return switch (wire.getHashSource()) {
            case HASH_SOURCE_CLIENT_ADDRESS -> new HashRules(HashRules.Source.CLIENT_ADDRESS, "");
            case HASH_SOURCE_HEADER ->
                new HashRules(HashRules.Source.HEADER, wire.getHashName().toLowerCase(Locale.ROOT));
            case HASH_SOURCE_COOKIE -> new HashRules(HashRules.Source.COOKIE, wire.getHashName());
            default -> new HashRules(HashRules.Source.CONSUMER, "");
        };
    }

    static EjectionRules ejection(Service service) {
        if (!service.hasEjection()) {
            return EjectionRules.DEFAULT;
        }
        Ejection wire = service.getEjection();
        return new EjectionRules(
                false,
                wire.getConsecutiveFailures(),
                wire.getErrorRatePercent(),
                wire.getErrorRateMarginPercent(),
                wire.getMinimumCalls(),
                wire.getIntervalMillis(),
                wire.getEjectionMillis(),
                wire.getEjectionMillisMax(),
                wire.getEjectedPercentMax(),
                wire.getPanicPercent());
    }

    static @Nullable CheckRules healthCheck(Service service) {
        if (!service.hasHealthCheck()) {
            return null;
        }
        HealthCheck wire = service.getHealthCheck();
        CheckType type = type(wire.getType());
        if (type == null) {
            throw new IllegalStateException("the health check of " + service.getName() + " was checked");
        }
        List<CheckRules.StatusRange> expected = wire.getExpectedStatusesList().stream()
                .map(range -> new CheckRules.StatusRange(range.getFirst(), range.getLast()))
                .toList();
        return new CheckRules(
                type,
                wire.getPath(),
                wire.getHost(),
                wire.getGrpcService(),
                wire.getIntervalMillis(),
                wire.getTimeoutMillis(),
                wire.getHealthyThreshold(),
                wire.getUnhealthyThreshold(),
                expected);
    }

    private static @Nullable CheckType type(HealthCheckType wire) {
        return switch (wire) {
            case HEALTH_CHECK_TYPE_HTTP -> CheckType.HTTP;
            case HEALTH_CHECK_TYPE_TCP -> CheckType.TCP;
            case HEALTH_CHECK_TYPE_GRPC -> CheckType.GRPC;
            default -> null;
        };
    }

    static @Nullable CircuitRules circuit(Service service) {
        CircuitBreaker wire = service.getCircuitBreaker();
        return service.hasCircuitBreaker()
                ? new CircuitRules(
                        wire.getFailurePercent(),
                        wire.getMinimumCalls(),
                        wire.getWindowMillis(),
                        wire.getOpenMillis(),
                        wire.getProbes())
                : null;
    }

    static @Nullable LimitRules limit(Service service) {
        ConcurrencyLimit wire = service.getConcurrencyLimit();
        return service.hasConcurrencyLimit()
                ? new LimitRules(
                        wire.getCallsMax(),
                        wire.getAdaptive() ? wire.getCallsMin() : wire.getCallsMax(),
                        wire.getAdaptive(),
                        wire.getQueueMax(),
                        wire.getQueueTimeoutMillis(),
                        wire.getRetryAfterSeconds())
                : null;
    }
}
