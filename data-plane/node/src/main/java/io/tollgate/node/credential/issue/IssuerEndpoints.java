package io.tollgate.node.credential.issue;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.token.IssuerPlace;
import io.tollgate.engine.token.JsonText;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.node.credential.Signings;
import io.tollgate.node.exchange.OwnEndpoints;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The places of our own issuers: where tokens are issued, and what is to be known of that. Functions without state. */
public final class IssuerEndpoints {
    private IssuerEndpoints() {}

    /** Those of all issuers whose tokens nodes issue, and of the APIs that want tokens. */
    public static OwnEndpoints of(
            CompiledConfiguration configuration, Signings signings, SecureRandom random, RecentTokens recent) {
        TokenIssuers issuers = configuration.tokenIssuers();
        OwnEndpoints.Builder all = new OwnEndpoints.Builder();
        for (TokenIssuer issuer : issuers.byId().values()) {
            if (issuer.keys() instanceof TokenIssuer.Keys.Own own) {
                IssuerPlace place = own.issuance().place();
                all.add(
                        place.host(),
                        place.pathOf(IssuerPlace.TOKEN),
                        new TokenEndpoint(issuer, own, signings, random, recent));
                all.add(
                        place.host(),
                        place.pathOf(IssuerPlace.KEYS),
                        new DocumentEndpoint(
                                "application/jwk-set+json", own.signing().jwks()));
                all.add(
                        place.host(),
                        place.metadataPath(),
                        new DocumentEndpoint("application/json", metadata(issuer, place)));
            }
        }
        ResourceEndpoints.addTo(all, configuration);
        return all.build();
    }

    /** RFC 8414, 2. */
    private static String metadata(TokenIssuer issuer, IssuerPlace place) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("issuer", issuer.issuer());
        members.put("token_endpoint", place.urlOf(IssuerPlace.TOKEN));
        members.put("jwks_uri", place.urlOf(IssuerPlace.KEYS));
        members.put("grant_types_supported", List.of(ClientCredentials.GRANT));
        members.put("response_types_supported", List.of());
        members.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"));
        return JsonText.of(members);
    }
}
