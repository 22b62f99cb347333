package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.signature.ContentDigest;
import io.tollgate.engine.signature.SignatureKey;
import io.tollgate.node.exchange.BodyCheck;
import io.tollgate.node.exchange.CredentialFinder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * That a key signed one request. Immutable.
 *
 * @param bindingKey of the key's id, see {@link io.tollgate.engine.consumer.CredentialBindings#httpSignature}
 * @param digest of the body, where the signature covers it
 */
record KnownSignature(
        String bindingKey, SignatureKey key, @Nullable ContentDigest digest) implements Finding, CredentialFinder {
    /** Whether it is the key still. */
    boolean isCurrent(CompiledConfiguration configuration) {
        return key.equals(configuration.bindings().verifier(bindingKey));
    }

    @Override
    public Outcome judge(Exchange exchange) {
        Credential credential = find(bindingKey, exchange.configuration(), exchange.scratch());
        if (credential == null) {
            return Outcome.SIGNATURE_UNKNOWN_KEY;
        }
        exchange.proven(this, bindingKey, credential);
        if (credential.revoked()
                || credential.isExpired(exchange.scratch().clock().epochMillis())) {
            return Outcome.SIGNATURE_UNKNOWN_KEY;
        }
        if (!credential.consumer().enabled()) {
            return Outcome.CONSUMER_DISABLED;
        }
        return digest == null ? Outcome.OK : checkBody(exchange, digest);
    }

    private static Outcome checkBody(Exchange exchange, ContentDigest expected) {
        if (exchange.body().isPresent()) {
            exchange.checkBody(new BodyCheck(expected, exchange.body()));
            return Outcome.OK;
        }
        return expected.isOf(expected.begin()) ? Outcome.OK : Outcome.CONTENT_DIGEST_WRONG;
    }

    @Override
    public @Nullable Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch) {
        return isCurrent(configuration) ? configuration.bindings().find(bindingKey) : null;
    }
}
