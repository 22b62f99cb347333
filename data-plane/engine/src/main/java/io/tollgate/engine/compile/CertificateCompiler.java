package io.tollgate.engine.compile;

import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.OcspStaple;
import io.tollgate.engine.tls.TlsFault;
import io.tollgate.engine.tls.TrustRoot;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and trust roots: checks them and makes them. Whether they have expired is no question here: the configuration of
 * yesterday must stay one. Compile thread only.
 */
final class CertificateCompiler {
    private static final int OCSP_RESPONSE_BYTES_MAX = 24_576;

    void check(io.tollgate.proto.config.v1.Certificate certificate, ObjectProblems problems) {
        NameText.check(certificate.getName(), problems);
        if (certificate.getOcspResponse().size() > OCSP_RESPONSE_BYTES_MAX) {
            problems.add(
                    "/ocsp_response",
                    certificate.getOcspResponse().size() + " bytes",
                    "at most " + OCSP_RESPONSE_BYTES_MAX);
        }
        if (isAwaited(certificate)) {
            return;
        }
        CertificateChain chain;
        try {
            chain = CertificateChain.parse(certificate.getCertificateChain());
        } catch (TlsFault fault) {
            problems.add("/certificate_chain", fault.value(), fault.expected());
            return;
        }
        try {
            chain.privateKey(certificate.getPrivateKey().toByteArray());
        } catch (TlsFault fault) {
            problems.add("/private_key", fault.value(), fault.expected());
        }
    }

    void check(io.tollgate.proto.config.v1.TrustRoot root, ObjectProblems problems) {
        NameText.check(root.getName(), problems);
        try {
            TrustRoot.parse(root.getCertificates());
        } catch (TlsFault fault) {
            problems.add("/certificates", fault.value(), fault.expected());
        }
    }

    /** Whether it is still to be got: listeners may name it and have nothing to show for it. */
    static boolean isAwaited(io.tollgate.proto.config.v1.Certificate certificate) {
        return certificate.getCertificateChain().isEmpty()
                && certificate.getPrivateKey().isEmpty();
    }

    /** Null: it is still to be got. */
    @Nullable
    Certificate compile(io.tollgate.proto.config.v1.Certificate certificate) {
        if (isAwaited(certificate)) {
            return null;
        }
        try {
            return Certificate.of(
                    certificate.getId(),
                    certificate.getName(),
                    CertificateChain.parse(certificate.getCertificateChain()),
                    certificate.getPrivateKey().toByteArray(),
                    staple(certificate));
        } catch (TlsFault fault) {
            throw new IllegalStateException("certificate " + certificate.getId() + " was checked", fault);
        }
    }

    TrustRoot compile(io.tollgate.proto.config.v1.TrustRoot root) {
        try {
            return new TrustRoot(root.getId(), root.getName(), TrustRoot.parse(root.getCertificates()));
        } catch (TlsFault fault) {
            throw new IllegalStateException("trust root " + root.getId() + " was checked", fault);
        }
    }

    private static OcspStaple staple(io.tollgate.proto.config.v1.Certificate certificate) {
        if (certificate.getOcspResponse().isEmpty()) {
            return OcspStaple.NONE;
        }
        long nextUpdate = certificate.getOcspNextUpdateMillis();
        return new OcspStaple(
                certificate.getOcspResponse().toByteArray(), nextUpdate == 0 ? Long.MAX_VALUE : nextUpdate);
    }
}
