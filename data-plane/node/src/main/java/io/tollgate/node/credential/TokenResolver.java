package io.tollgate.node.credential;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.token.ParsedToken;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a token of a request holds: from memory, or by checking it. Immutable.
 *
 * @param policy of the route
 */
record TokenResolver(JwtPolicy policy, TokenChecks checks) implements Resolver {
    @Override
    public @Nullable Unresolved ask(Exchange exchange) {
        String text = PresentedToken.find(exchange, policy.places());
        if (text == null) {
            return null;
        }
        int start = PresentedToken.start(text);
        if (text.length() - start > ParsedToken.CHARACTERS_MAX) {
            exchange.found(FindingKind.JWT, Refusal.of(Outcome.TOKEN_MALFORMED));
            return null;
        }
        Digest digest = exchange.scratch().tokenHasher().digest(text, start, text.length());
        Finding known = checks.find(digest, exchange.configuration());
        if (known != null) {
            settle(exchange, known);
            return null;
        }
        String token = start == 0 ? text : text.substring(start);
        if (!ParsedToken.isShaped(token)) {
            exchange.found(FindingKind.JWT, Refusal.of(Outcome.TOKEN_MALFORMED));
            return null;
        }
        if (exchange.isThrottled()) {
            // Refused as one of too many; what is known to be good was let through above.
            exchange.found(FindingKind.JWT, Refusal.of(Outcome.TOKEN_INVALID));
            return null;
        }
        return new Check(exchange, token, digest);
    }

    /** What was found out of the token, by what this route wants of it. */
    private void settle(Exchange exchange, Finding finding) {
        exchange.found(FindingKind.JWT, finding instanceof KnownToken known ? judged(known) : finding);
    }

    private Finding judged(KnownToken known) {
        if (!policy.issuerIds().contains(known.token().issuer().id())) {
            return Refusal.of(Outcome.TOKEN_UNKNOWN_ISSUER);
        }
        if (policy.boundOnly() && !known.isBound()) {
            return Refusal.of(Outcome.TOKEN_BINDING);
        }
        return known.token().isFor(policy.audiences()) ? known : Refusal.of(Outcome.TOKEN_AUDIENCE);
    }

    /** One token that is checked for one request. */
    private final class Check implements Unresolved {
        private final Exchange exchange;
        private final String token;
        private final Digest digest;
        private volatile boolean abandoned;

        Check(Exchange exchange, String token, Digest digest) {
            this.exchange = exchange;
            this.token = token;
            this.digest = digest;
        }

        @Override
        public void begin(Runnable then) {
            TokenChecks.Question question = new TokenChecks.Question(token, digest, exchange.configuration());
            checks.check(
                    question,
                    () -> abandoned,
                    finding -> exchange.scratch().timer().soon(() -> {
                        settle(exchange, finding);
                        then.run();
                    }));
        }

        @Override
        public void abandon() {
            abandoned = true;
        }
    }
}
