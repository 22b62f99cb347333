package io.tollgate.engine.token;

import io.tollgate.engine.tls.TrustRoot;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose tokens are believed. Immutable; the same object as long as nothing of it changes.
 *
 * @param id canonical UUID text
 * @param name unique name
 * @param issuer value of the claim {@code iss}; no two enabled issuers have the same
 * @param keys what its tokens are checked with
 * @param rules what its tokens must say
 * @param binding whom its tokens prove
 */
public record TokenIssuer(String id, String name, String issuer, Keys keys, Rules rules, Binding binding) {
    /** What tokens are checked with. Immutable. */
    public sealed interface Keys {
        /** Keys that the configuration holds. */
        record Held(KeySet keys) implements Keys {}

        /**
         * Keys that a node fetches.
         *
         * @param url of a JWK set; https, or http on the node's own machine
         * @param trustRoot who is believed for it; null: those that the node's runtime believes
         */
        record Fetched(String url, @Nullable TrustRoot trustRoot) implements Keys {}

        /**
         * None: the issuer is asked about each token (RFC 7662).
         *
         * @param how it is asked
         * @param trustRoot who is believed for it; null: those that the node's runtime believes
         */
        record Asked(Introspection how, @Nullable TrustRoot trustRoot) implements Keys {}

        /** Our own: nodes issue its tokens. */
        record Own(SigningKeys signing, Issuance issuance) implements Keys {}
    }

    /**
     * How an issuer is asked about its tokens. Immutable.
     *
     * @param url https, or http on the node's own machine
     * @param inBody the client's secret is in the body (client_secret_post), not in a field of the head (client_secret_basic)
     * @param timeoutMillis for the whole of an answer
     * @param cacheMillis how long an answer that a token is active is believed, not beyond the token's own end
     * @param inactiveCacheMillis how long an answer that it is not
     */
    public record Introspection(
            String url,
            String clientId,
            String clientSecret,
            boolean inBody,
            long timeoutMillis,
            long cacheMillis,
            long inactiveCacheMillis) {
        /** Hides the secret. */
        @Override
        public String toString() {
            return "Introspection[" + url + "]";
        }
    }

    /**
     * How nodes issue tokens. Immutable.
     *
     * @param place where they are issued
     * @param lifetimeMillis of a token
     * @param audience of all tokens
     * @param live whether live keys get some
     * @param test whether keys for trying things out do
     */
    public record Issuance(IssuerPlace place, long lifetimeMillis, String audience, boolean live, boolean test) {}

    /** The keys that the configuration holds, with which its tokens are checked; null when it holds none. */
    public @Nullable KeySet heldKeys() {
        if (keys instanceof Keys.Held held) {
            return held.keys();
        }
        return keys instanceof Keys.Own own ? own.signing().known() : null;
    }

    /** How it is asked about its tokens; null when their signatures tell. */
    public @Nullable Introspection introspection() {
        return keys instanceof Keys.Asked asked ? asked.how() : null;
    }

    /**
     * What tokens must say. Immutable.
     *
     * @param algorithms by which they may be signed
     * @param types in lower case and without {@code application/}; "jwt" among them: a token may also say none
     * @param audiences one of which they must be meant for; empty: anybody
     * @param clockSkewMillis how much clocks may differ
     * @param claims what they must claim
     * @param lifetimeMillisMax from {@code iat} to {@code exp}; 0: unbounded
     */
    public record Rules(
            Set<TokenAlgorithm> algorithms,
            List<String> types,
            List<String> audiences,
            long clockSkewMillis,
            List<RequiredClaim> claims,
            long lifetimeMillisMax) {
        /** Copies the lists. */
        public Rules {
            algorithms = Set.copyOf(algorithms);
            types = types.stream().map(ParsedToken::shortType).toList();
            audiences = List.copyOf(audiences);
            claims = List.copyOf(claims);
        }
    }

    /**
     * A claim that must have one of some values, or among its items one of them. Immutable.
     *
     * @param values empty: any
     */
    public record RequiredClaim(ClaimPath path, List<String> values) {
        /** Copies the list. */
        public RequiredClaim {
            values = List.copyOf(values);
        }
    }

    /**
     * Whom tokens prove. Immutable.
     *
     * @param consumerClaim the claim that tells
     * @param by how
     * @param makesConsumers whether a value that tells nobody is to become a consumer
     * @param scopeClaim where a token says what it is good for: a text with spaces, or a list
     */
    public record Binding(ClaimPath consumerClaim, ConsumerBy by, boolean makesConsumers, ClaimPath scopeClaim) {}

    /** How a claim's value tells a consumer. Immutable. */
    public enum ConsumerBy {
        /** A credential of the type jwt names the issuer and the value. */
        CREDENTIAL,
        /** It is the name or the id of a consumer. */
        NAME,
        /** The token holds what it was issued for: it is one of our own. */
        ISSUED
    }

    @Override
    public String toString() {
        return "TokenIssuer[" + name + " " + id + "]";
    }
}
