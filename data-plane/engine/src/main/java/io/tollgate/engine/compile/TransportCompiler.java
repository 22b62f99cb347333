package io.tollgate.engine.compile;

import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.upstream.TlsRules;
import io.tollgate.engine.upstream.TlsVersion;
import io.tollgate.engine.upstream.TransportRules;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.UpstreamTls;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How connections to the targets of services are made. Compile thread only. */
final class TransportCompiler {
    /** Not an IP address: those have no letter in the last label, and cannot be asked for (RFC 6066, 3). */
    private static final Pattern SNI = Pattern.compile(
            "(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");

    /** What services may refer to, by id. Immutable. */
    record Proofs(Map<String, Certificate> certificates, Map<String, TrustRoot> trustRoots) {}

    private TransportCompiler() {}

    static void check(Service service, ObjectProblems problems) {
        switch (service.getProtocol()) {
            case UNRECOGNIZED -> problems.add("/protocol", service.getProtocolValue(), "http1, http2 or auto");
            case UPSTREAM_PROTOCOL_AUTO -> {
                if (!service.hasTls()) {
                    problems.add("/protocol", "auto", "http1 or http2, since without tls nobody says which");
                }
            }
            default -> {}
        }
        if (service.hasTls()) {
            check(service.getTls(), problems);
        }
    }

    private static void check(UpstreamTls tls, ObjectProblems problems) {
        if (!tls.getSni().isEmpty() && !SNI.matcher(tls.getSni()).matches()) {
            problems.add("/tls/sni", tls.getSni(), "nothing, or a host name");
        }
        if (tls.getVersionMin() == io.tollgate.proto.config.v1.TlsVersion.UNRECOGNIZED) {
            problems.add("/tls/version_min", tls.getVersionMinValue(), "tls12 or tls13");
        }
        if (!tls.getTrustRootId().isEmpty() && !verifies(tls)) {
            problems.add("/tls/trust_root", tls.getTrustRootId(), "none, since nothing is verified");
        }
    }

    private static boolean verifies(UpstreamTls tls) {
        return !tls.hasVerify() || tls.getVerify();
    }

    static TransportRules compile(Service service, Proofs proofs) {
        return new TransportRules(
                switch (service.getProtocol()) {
                    case UPSTREAM_PROTOCOL_HTTP2 -> UpstreamProtocol.HTTP2;
                    case UPSTREAM_PROTOCOL_AUTO -> UpstreamProtocol.AUTO;
                    default -> UpstreamProtocol.HTTP1;
                },
                tls(service, proofs));
    }

    private static @Nullable TlsRules tls(Service service, Proofs proofs) {
        if (!service.hasTls()) {
            return null;
        }
        UpstreamTls tls = service.getTls();
        TlsVersion versionMin = tls.getVersionMin() == io.tollgate.proto.config.v1.TlsVersion.TLS_VERSION_TLS13
                ? TlsVersion.TLS13
                : TlsVersion.TLS12;
        return new TlsRules(
                tls.getSni(),
                verifies(tls),
                versionMin,
                found(proofs.trustRoots(), tls.getTrustRootId()),
                found(proofs.certificates(), tls.getClientCertificateId()));
    }

    private static <T> @Nullable T found(Map<String, T> known, String id) {
        if (id.isEmpty()) {
            return null;
        }
        return Objects.requireNonNull(known.get(id), "a reference that was checked");
    }
}
