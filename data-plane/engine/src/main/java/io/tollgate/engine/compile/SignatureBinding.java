package io.tollgate.engine.compile;

import io.tollgate.engine.signature.SignatureAlgorithm;
import io.tollgate.engine.signature.SignatureKey;
import io.tollgate.engine.token.KeyFault;
import io.tollgate.proto.config.v1.HttpSignatureBinding;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Credentials that are keys of message signatures. Compile thread only. */
final class SignatureBinding {
    private static final Pattern KEY_ID = Pattern.compile("[ -~]{1,256}");

    private SignatureBinding() {}

    static void check(HttpSignatureBinding binding, ObjectProblems problems) {
        if (!KEY_ID.matcher(binding.getKeyId()).matches()) {
            problems.add("/http_signature/key_id", binding.getKeyId(), "1 to 256 printable ASCII characters");
        }
        SignatureAlgorithm algorithm = SignatureAlgorithm.find(binding.getAlgorithm());
        if (algorithm == null) {
            problems.add("/http_signature/algorithm", binding.getAlgorithm(), "an algorithm of RFC 9421");
            return;
        }
        boolean shared = algorithm == SignatureAlgorithm.HMAC_SHA256;
        if (shared && !binding.getPublicKey().isEmpty()) {
            problems.add("/http_signature/public_key", "a key for " + algorithm.word(), "a shared secret");
        } else if (!shared && !binding.getSharedSecret().isEmpty()) {
            problems.add("/http_signature/shared_secret", "a secret for " + algorithm.word(), "a public key");
        } else {
            try {
                key(binding, algorithm);
            } catch (KeyFault fault) {
                String expected = shared ? "a secret" : "one public key";
                problems.add(
                        shared ? "/http_signature/shared_secret" : "/http_signature/public_key",
                        String.valueOf(fault.getMessage()),
                        expected + " for " + algorithm.word());
            }
        }
    }

    /** The key of a binding; null when it was not checked. */
    static @Nullable SignatureKey key(HttpSignatureBinding binding) {
        SignatureAlgorithm algorithm = SignatureAlgorithm.find(binding.getAlgorithm());
        try {
            return algorithm == null ? null : key(binding, algorithm);
        } catch (KeyFault fault) {
            return null;
        }
    }

    private static SignatureKey key(HttpSignatureBinding binding, SignatureAlgorithm algorithm) throws KeyFault {
        return algorithm == SignatureAlgorithm.HMAC_SHA256
                ? SignatureKey.ofSecret(binding.getSharedSecret().toByteArray())
                : SignatureKey.of(algorithm, binding.getPublicKey());
    }
}
