package io.tollgate.engine.compile;

import io.tollgate.engine.tls.CertificateProof;
import io.tollgate.proto.config.v1.ClientCertificateBinding;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Credentials that are bound to client certificates. Compile thread only. */
final class CertificateBinding {
    private static final int CHARACTERS_MAX = 1_024;
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}");

    private CertificateBinding() {}

    static void check(ClientCertificateBinding binding, ObjectProblems problems) {
        String text = text(binding);
        if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
            problems.add(pointer(binding), text.length() + " characters", "1 to " + CHARACTERS_MAX);
        } else if (binding.hasFingerprintSha256() && !FINGERPRINT.matcher(text).matches()) {
            problems.add(pointer(binding), text, "32 bytes in hexadecimal");
        } else if (key(binding) == null) {
            problems.add(pointer(binding), text, "a distinguished name (RFC 4514), for example CN=partner,O=Example");
        }
    }

    /** What finds the credential; null when it says nothing that could. */
    static @Nullable String key(ClientCertificateBinding binding) {
        return switch (binding.getByCase()) {
            case FINGERPRINT_SHA256 -> CertificateProof.fingerprint(binding.getFingerprintSha256());
            case URI -> CertificateProof.uri(binding.getUri());
            case DNS -> CertificateProof.dns(binding.getDns());
            case EMAIL -> CertificateProof.email(binding.getEmail());
            case SUBJECT -> CertificateProof.subject(binding.getSubject());
            case BY_NOT_SET -> null;
        };
    }

    static String pointer(ClientCertificateBinding binding) {
        return switch (binding.getByCase()) {
            case FINGERPRINT_SHA256 -> "/client_certificate/fingerprint_sha256";
            case URI -> "/client_certificate/uri";
            case DNS -> "/client_certificate/dns";
            case EMAIL -> "/client_certificate/email";
            case SUBJECT -> "/client_certificate/subject";
            case BY_NOT_SET -> "/client_certificate";
        };
    }

    private static String text(ClientCertificateBinding binding) {
        return switch (binding.getByCase()) {
            case FINGERPRINT_SHA256 -> binding.getFingerprintSha256();
            case URI -> binding.getUri();
            case DNS -> binding.getDns();
            case EMAIL -> binding.getEmail();
            case SUBJECT -> binding.getSubject();
            case BY_NOT_SET -> "";
        };
    }
}
