package io.tollgate.engine.compile;

import io.tollgate.engine.upstream.Discovery;
import io.tollgate.engine.upstream.Target;
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

    /** Not an IP address: those have no letter in the last label. */
    private static final Pattern FOLLOWED =
            Pattern.compile("([A-Za-z0-9_]([A-Za-z0-9_-]{0,62})\\.)*[A-Za-z_]([A-Za-z0-9_-]{0,62})\\.?");

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
            checkDiscovery(target, at, problems);
            problems.range(at + "/weight", unsigned(target.getWeight()), 0, Target.WEIGHT_MAX);
            if (!ZONE.matcher(target.getZone()).matches()) {
                problems.add(at + "/zone", target.getZone(), "at most 63 letters, digits and ._-");
            }
            String address =
                    target.getPort() == 0 ? target.getHost() : target.getHost() + " port " + unsigned(target.getPort());
            if (!addresses.add(address)) {
                problems.add(at, address, "each target once");
            }
        }
        CallRulesCompiler.check(service, problems);
        ChoiceCompiler.check(service, problems);
        TransportCompiler.check(service, problems);
        String prefix = service.getPathPrefix();
        String wrong = prefix.isEmpty() ? null : PathText.wrongPrefix(prefix);
        if (wrong != null || prefix.equals("/")) {
            problems.add("/path_prefix", prefix, wrong == null ? "nothing, or a path below /" : wrong);
        }
    }

    private static void checkDiscovery(io.tollgate.proto.config.v1.Target target, String at, ObjectProblems problems) {
        boolean isSrv = target.getDiscovery() == io.tollgate.proto.config.v1.Discovery.DISCOVERY_SRV;
        if (target.getDiscovery() == io.tollgate.proto.config.v1.Discovery.UNRECOGNIZED) {
            problems.add(at + "/discovery", target.getDiscoveryValue(), "address, dns or srv");
        } else if (isSrv && target.getPort() != 0) {
            problems.add(at + "/port", unsigned(target.getPort()), "none, since SRV records say it");
        } else if (!isSrv) {
            problems.range(at + "/port", unsigned(target.getPort()), 1, 65_535);
        }
        if (discovery(target.getDiscovery()) != Discovery.ADDRESS
                && !FOLLOWED.matcher(target.getHost()).matches()) {
            problems.add(at + "/host", target.getHost(), "a host name, whose records are the instances");
        }
    }

    private static Discovery discovery(io.tollgate.proto.config.v1.Discovery wire) {
        return switch (wire) {
            case DISCOVERY_DNS -> Discovery.DNS;
            case DISCOVERY_SRV -> Discovery.SRV;
            default -> Discovery.ADDRESS;
        };
    }

    Upstream compile(Service service, TransportCompiler.Proofs proofs) {
        List<Target> configured = new ArrayList<>(service.getTargetsCount());
        for (io.tollgate.proto.config.v1.Target target : service.getTargetsList()) {
            configured.add(new Target(
                    target.getHost(),
                    target.getPort(),
                    target.getWeight(),
                    target.getZone(),
                    discovery(target.getDiscovery())));
        }
        return Upstream.of(
                new Upstream.Identity(service.getId(), service.getName(), service.getEnabled()),
                configured,
                zone,
                new Upstream.Rules(
                        ChoiceCompiler.choice(service),
                        ChoiceCompiler.ejection(service),
                        ChoiceCompiler.healthCheck(service),
                        ChoiceCompiler.circuit(service),
                        ChoiceCompiler.limit(service),
                        CallRulesCompiler.compile(service),
                        TransportCompiler.compile(service, proofs),
                        service.getPreserveHost(),
                        service.getPathPrefix()),
                targets);
    }

    private static long unsigned(int wire) {
        return Integer.toUnsignedLong(wire);
    }
}
