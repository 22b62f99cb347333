package io.tollgate.engine.compile;

import io.tollgate.engine.listener.ListenerTls;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.CertificateIndex;
import io.tollgate.engine.tls.ClientCertificates;
import io.tollgate.engine.tls.TlsProfile;
import io.tollgate.engine.tls.TrustRoot;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** TLS of listeners: checks it and makes {@link ListenerTls} of the certificates that there are. Compile thread only. */
final class ListenerTlsCompiler {
    private static final int CERTIFICATES_MAX = 1_000;
    private static final int TRUST_ROOTS_MAX = 20;

    private final Map<String, Certificate> certificates;
    private final Map<String, TrustRoot> trustRoots;

    ListenerTlsCompiler(Map<String, Certificate> certificates, Map<String, TrustRoot> trustRoots) {
        this.certificates = certificates;
        this.trustRoots = trustRoots;
    }

    static void check(io.tollgate.proto.config.v1.ListenerTls tls, ObjectProblems problems) {
        switch (tls.getProfile()) {
            case TLS_PROFILE_UNSPECIFIED, TLS_PROFILE_INTERMEDIATE, TLS_PROFILE_MODERN -> {}
            default -> problems.add("/tls/profile", tls.getProfileValue(), "modern or intermediate");
        }
        checkList("/tls/certificates", tls.getCertificateIdsList(), CERTIFICATES_MAX, problems);
        checkList("/tls/trust_roots", tls.getTrustRootIdsList(), TRUST_ROOTS_MAX, problems);
        switch (tls.getClientCertificates()) {
            case CLIENT_CERTIFICATES_UNSPECIFIED, CLIENT_CERTIFICATES_NONE -> {
                if (tls.getTrustRootIdsCount() > 0) {
                    problems.add(
                            "/tls/trust_roots",
                            tls.getTrustRootIdsCount() + " trust roots",
                            "none, since client_certificates is none");
                }
            }
            case CLIENT_CERTIFICATES_REQUEST, CLIENT_CERTIFICATES_REQUIRE -> {
                if (tls.getTrustRootIdsCount() == 0) {
                    problems.add("/tls/trust_roots", "none", "at least one, since clients are asked for certificates");
                }
            }
            default ->
                problems.add("/tls/client_certificates", tls.getClientCertificatesValue(), "none, request or require");
        }
    }

    private static void checkList(String pointer, List<String> ids, int most, ObjectProblems problems) {
        if (ids.size() > most) {
            problems.add(pointer, ids.size() + " entries", "at most " + most);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ids.size(); i++) {
            if (!seen.add(ids.get(i))) {
                problems.add(pointer + "/" + i, ids.get(i), "each once");
            }
        }
    }

    ListenerTls compile(io.tollgate.proto.config.v1.ListenerTls tls) {
        List<Certificate> shown = new ArrayList<>();
        for (String id : tls.getCertificateIdsList()) {
            // One that is there and not among these is still to be got.
            Certificate held = certificates.get(id);
            if (held != null) {
                shown.add(held);
            }
        }
        if (tls.getCertificateIdsCount() == 0) {
            shown.addAll(certificates.values());
            shown.sort(Comparator.comparing(Certificate::name));
        }
        // Two trust roots may have an authority in common.
        Set<X509Certificate> trusted = new LinkedHashSet<>();
        for (String id : tls.getTrustRootIdsList()) {
            trusted.addAll(known(trustRoots, id).certificates());
        }
        return new ListenerTls(
                switch (tls.getProfile()) {
                    case TLS_PROFILE_MODERN -> TlsProfile.MODERN;
                    default -> TlsProfile.INTERMEDIATE;
                },
                CertificateIndex.of(shown),
                switch (tls.getClientCertificates()) {
                    case CLIENT_CERTIFICATES_REQUEST -> ClientCertificates.REQUEST;
                    case CLIENT_CERTIFICATES_REQUIRE -> ClientCertificates.REQUIRE;
                    default -> ClientCertificates.NONE;
                },
                List.copyOf(trusted));
    }

    private static <T> T known(Map<String, T> objects, String id) {
        T object = objects.get(id);
        if (object == null) {
            throw new IllegalStateException(id + " was checked");
        }
        return object;
    }
}
