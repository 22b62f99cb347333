package io.tollgate.node.credential;

import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.policy.IntrospectionPolicy;
import io.tollgate.engine.token.ParsedToken;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a token of a request holds: from memory, or by asking its issuer. Immutable.
 *
 * @param policy of the route
 */
record IntrospectionResolver(IntrospectionPolicy policy, TokenCache cache, IssuerKeyTable keys, AskedIssuers issuers)
        implements Resolver {
    @Override
    public @Nullable Unresolved ask(Exchange exchange) {
        if (exchange.finding(FindingKind.JWT) instanceof KnownToken
                || exchange.finding(FindingKind.BASIC) instanceof KnownPassword) {
            // It has proved itself already; nobody else need hear of its token.
            return null;
        }
        String text = PresentedToken.find(exchange, policy.places());
        if (text == null) {
            return null;
        }
        int start = PresentedToken.start(text);
        if (!isToken(text, start)) {
            exchange.found(FindingKind.INTROSPECTION, Refusal.of(Outcome.TOKEN_MALFORMED));
            return null;
        }
        TokenIssuer issuer = exchange.configuration().tokenIssuers().find(policy.issuerId());
        AskedIssuer asked = issuers.find(policy.issuerId());
        if (issuer == null || asked == null) {
            exchange.found(FindingKind.INTROSPECTION, Refusal.of(Outcome.TOKEN_UNKNOWN_ISSUER));
            return null;
        }
        // Under the issuer's id, since the same text may be a token of two issuers.
        Digest digest = exchange.scratch().tokenHasher().digest(issuer.id(), text, start, text.length());
        Finding known = cache.find(digest, exchange.configuration(), keys);
        if (known != null) {
            settle(exchange, known);
            return null;
        }
        if (exchange.isThrottled()) {
            // Refused as one of too many; what is known to be good was let through above.
            exchange.found(FindingKind.INTROSPECTION, Refusal.of(Outcome.TOKEN_INACTIVE));
            return null;
        }
        return new Check(exchange, asked, new IntrospectionQuestion(digest, issuer, text.substring(start)));
    }

    /** Whether it can be a token (RFC 6750, 2.1), and is no API key, which is nobody else's business. */
    private static boolean isToken(String text, int start) {
        int end = text.length();
        if (start == end || end - start > ParsedToken.CHARACTERS_MAX) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean fits = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || "-._~+/=".indexOf(c) >= 0;
            if (!fits) {
                return false;
            }
        }
        return end - start != ApiKey.LENGTH || !ApiKey.isWellFormed(text.substring(start));
    }

    /** What was found out of the token, by what this route wants of it. */
    private void settle(Exchange exchange, Finding finding) {
        exchange.found(FindingKind.INTROSPECTION, finding instanceof KnownToken known ? judged(known) : finding);
    }

    private Finding judged(KnownToken known) {
        if (policy.boundOnly() && !known.isBound()) {
            return Refusal.of(Outcome.TOKEN_BINDING);
        }
        return known.token().isFor(policy.audiences()) ? known : Refusal.of(Outcome.TOKEN_AUDIENCE);
    }

    /** One token that is asked about for one request. */
    private final class Check implements Unresolved {
        private final Exchange exchange;
        private final AskedIssuer asked;
        private final IntrospectionQuestion question;

        Check(Exchange exchange, AskedIssuer asked, IntrospectionQuestion question) {
            this.exchange = exchange;
            this.asked = asked;
            this.question = question;
        }

        @Override
        public void begin(Runnable then) {
            asked.ask(
                    question,
                    exchange.configuration().tokenIssuers(),
                    finding -> exchange.scratch().timer().soon(() -> {
                        settle(exchange, finding);
                        then.run();
                    }));
        }

        @Override
        public void abandon() {
            // The answer serves others, and is remembered.
        }
    }
}
