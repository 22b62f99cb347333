package io.tollgate.engine.compile;

import io.tollgate.engine.upstream.RoundRobin;
import io.tollgate.engine.upstream.Target;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Services: checks them and makes {@link Upstream}s. Compile thread only. */
final class UpstreamCompiler {
    private static final int TARGETS_MAX = 1000;
    private static final int CONNECT_TIMEOUT_MILLIS_MAX = 60_000;
    private static final int TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final Pattern TARGET_HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private final TargetTable targets;

    UpstreamCompiler(TargetTable targets) {
        this.targets = targets;
    }

    void check(Service service, ObjectProblems problems) {
        NameText.check(service.getName(), problems);
        int count = service.getTargetsCount();
        if (count == 0 || count > TARGETS_MAX) {
            problems.add("/targets", count + " targets", "1 to " + TARGETS_MAX);
        }
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < Math.min(count, TARGETS_MAX); i++) {
            io.tollgate.proto.config.v1.Target target = service.getTargets(i);
            String at = "/targets/" + i;
            if (!TARGET_HOST.matcher(target.getHost()).matches()) {
                problems.add(at + "/host", target.getHost(), "a host name or an IP address without brackets");
            }
            problems.range(at + "/port", unsigned(target.getPort()), 1, 65_535);
            problems.range(at + "/weight", unsigned(target.getWeight()), 0, Target.WEIGHT_MAX);
            String address = target.getHost() + " port " + unsigned(target.getPort());
            if (!addresses.add(address)) {
                problems.add(at, address, "each target once");
            }
        }
        problems.range(
                "/connect_timeout_millis", unsigned(service.getConnectTimeoutMillis()), 1, CONNECT_TIMEOUT_MILLIS_MAX);
        problems.range("/response_timeout_millis", unsigned(service.getResponseTimeoutMillis()), 1, TIMEOUT_MILLIS_MAX);
        problems.range("/idle_timeout_millis", unsigned(service.getIdleTimeoutMillis()), 1, TIMEOUT_MILLIS_MAX);
        String prefix = service.getPathPrefix();
        String wrong = prefix.isEmpty() ? null : PathText.wrongPrefix(prefix);
        if (wrong != null || prefix.equals("/")) {
            problems.add("/path_prefix", prefix, wrong == null ? "nothing, or a path below /" : wrong);
        }
    }

    Upstream compile(Service service) {
        List<Target> configured = new ArrayList<>(service.getTargetsCount());
        List<TargetState> states = new ArrayList<>(service.getTargetsCount());
        for (io.tollgate.proto.config.v1.Target target : service.getTargetsList()) {
            configured.add(new Target(target.getHost(), target.getPort(), target.getWeight()));
            states.add(targets.adopt(service.getId(), target.getHost(), target.getPort()));
        }
        return new Upstream(
                service.getId(),
                service.getName(),
                service.getEnabled(),
                configured,
                states,
                RoundRobin.of(configured, states),
                service.getConnectTimeoutMillis(),
                service.getResponseTimeoutMillis(),
                service.getIdleTimeoutMillis(),
                service.getPreserveHost(),
                service.getPathPrefix());
    }

    private static long unsigned(int wire) {
        return Integer.toUnsignedLong(wire);
    }
}
