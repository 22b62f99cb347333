package io.tollgate.node.credential;

import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.policy.HttpSignaturePolicy;
import io.tollgate.engine.signature.ContentDigest;
import io.tollgate.engine.signature.PresentedSignature;
import io.tollgate.engine.signature.SignatureKey;
import io.tollgate.engine.signature.SignatureRules;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether a request was signed by a key of somebody. Immutable. */
record SignatureResolver(HttpSignaturePolicy policy, SignatureChecks checks) implements Resolver {
    private static final String SIGNATURE = "signature";
    private static final String INPUT = "signature-input";

    @Override
    public @Nullable Unresolved ask(Exchange exchange) {
        MultiMap headers = exchange.request().headers();
        if (!headers.contains(SIGNATURE) && !headers.contains(INPUT)) {
            return null;
        }
        // A call that waited is decided on anew when the configuration has changed: its own signature was not seen
        // before.
        if (exchange.finding(FindingKind.HTTP_SIGNATURE) instanceof KnownSignature known
                && known.isCurrent(exchange.configuration())) {
            return null;
        }
        List<PresentedSignature> presented = PresentedSignature.read(
                String.join(", ", headers.getAll(INPUT)), String.join(", ", headers.getAll(SIGNATURE)));
        if (presented == null) {
            return refused(exchange, Outcome.SIGNATURE_MALFORMED);
        }
        CredentialBindings bindings = exchange.configuration().bindings();
        for (PresentedSignature signature : presented) {
            String bindingKey = CredentialBindings.httpSignature(signature.keyId());
            if (policy.rules().takes(signature) && bindings.verifier(bindingKey) instanceof SignatureKey key) {
                return ask(exchange, signature, bindingKey, key);
            }
        }
        return refused(exchange, Outcome.SIGNATURE_UNKNOWN_KEY);
    }

    /** What can be said of it without any arithmetic, and then what cannot. */
    private @Nullable Unresolved ask(
            Exchange exchange, PresentedSignature signature, String bindingKey, SignatureKey key) {
        long nowMillis = exchange.scratch().clock().epochMillis();
        SignatureRules.Fault fault =
                policy.rules().judge(signature, exchange.body().isPresent(), nowMillis);
        if (fault != null) {
            return refused(
                    exchange,
                    fault == SignatureRules.Fault.UNTIMELY ? Outcome.SIGNATURE_UNTIMELY : Outcome.SIGNATURE_INCOMPLETE);
        }
        boolean another = !signature.algorithm().isEmpty()
                && !signature.algorithm().equals(key.algorithm().word());
        RequestMessage message = new RequestMessage(exchange);
        byte[] base = another ? null : signature.base(message);
        if (base == null || exchange.isThrottled()) {
            return refused(exchange, Outcome.SIGNATURE_INVALID);
        }
        ContentDigest digest = null;
        if (signature.covers(SignatureRules.CONTENT_DIGEST)) {
            digest = ContentDigest.read(message.fields(SignatureRules.CONTENT_DIGEST));
            if (digest == null) {
                return refused(exchange, Outcome.CONTENT_DIGEST_WRONG);
            }
        }
        return new Check(
                exchange, new SignatureChecks.Question(signature, base, new KnownSignature(bindingKey, key, digest)));
    }

    private static @Nullable Unresolved refused(Exchange exchange, Outcome outcome) {
        exchange.found(FindingKind.HTTP_SIGNATURE, Refusal.of(outcome));
        return null;
    }

    /** One signature that is checked for one request. */
    private final class Check implements Unresolved {
        private final Exchange exchange;
        private final SignatureChecks.Question question;
        private volatile boolean abandoned;

        Check(Exchange exchange, SignatureChecks.Question question) {
            this.exchange = exchange;
            this.question = question;
        }

        @Override
        public void begin(Runnable then) {
            checks.check(
                    question,
                    () -> abandoned,
                    finding -> exchange.scratch().timer().soon(() -> {
                        exchange.found(FindingKind.HTTP_SIGNATURE, finding);
                        then.run();
                    }));
        }

        @Override
        public void abandon() {
            abandoned = true;
        }
    }
}
