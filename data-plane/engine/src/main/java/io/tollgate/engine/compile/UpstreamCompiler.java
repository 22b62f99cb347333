package io.tollgate.engine.compile;

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
    private static final Pattern TARGET_HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,63}");

    private final TargetTable targets;
    private final String zone;

    /** @param zone of the node; empty when it has none */
    UpstreamCompiler(TargetTable targets, String zone) {
        this.targets = targets;
        this.zone = zone;
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
            if (!ZONE.matcher(target.getZone()).matches()) {
                problems.add(at + "/zone", target.getZone(), "at most 63 letters, digits and ._-");
            }
            String address = target.getHost() + " port " + unsigned(target.getPort());
            if (!addresses.add(address)) {
                problems.add(at, address, "each target once");
            }
        }
        CallRulesCompiler.check(service, problems);
        ChoiceCompiler.check(service, problems);
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
            configured.add(new Target(target.getHost(), target.getPort(), target.getWeight(), target.getZone()));
            states.add(targets.adopt(service.getId(), target.getHost(), target.getPort()));
        }
        return Upstream.of(
                new Upstream.Identity(service.getId(), service.getName(), service.getEnabled()),
                configured,
                states,
                zone,
                new Upstream.Rules(
                        ChoiceCompiler.choice(service),
                        ChoiceCompiler.ejection(service),
                        ChoiceCompiler.healthCheck(service),
                        ChoiceCompiler.circuit(service),
                        ChoiceCompiler.limit(service),
                        CallRulesCompiler.compile(service),
                        service.getPreserveHost(),
                        service.getPathPrefix()),
                targets.adopt(service.getId()));
    }

    private static long unsigned(int wire) {
        return Integer.toUnsignedLong(wire);
    }
}
