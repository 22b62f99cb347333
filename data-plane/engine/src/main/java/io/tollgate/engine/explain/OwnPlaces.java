package io.tollgate.engine.explain;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.policy.ProtectedResourcePolicy;
import io.tollgate.engine.token.IssuerPlace;
import io.tollgate.engine.token.TokenIssuer;

/** Says what the gateway answers by itself, before any route. Functions without state. */
final class OwnPlaces {
    private OwnPlaces() {}

    /** In words; empty when it leaves the request to the routes. */
    static String words(CompiledConfiguration configuration, String host, String path) {
        for (TokenIssuer issuer : configuration.tokenIssuers().byId().values()) {
            if (issuer.keys() instanceof TokenIssuer.Keys.Own own) {
                String words = words(issuer, own.issuance().place(), host, path);
                if (!words.isEmpty()) {
                    return words;
                }
            }
        }
        for (EffectivePolicies policies : configuration.policiesByOrdinal()) {
            ProtectedResourcePolicy resource = policies.find(PolicyType.PROTECTED_RESOURCE);
            if (resource != null
                    && resource.place().host().equals(host)
                    && resource.metadataPath().equals(path)) {
                return "tells the metadata of " + resource.place().url();
            }
        }
        return "";
    }

    private static String words(TokenIssuer issuer, IssuerPlace place, String host, String path) {
        if (!place.host().equals(host)) {
            return "";
        }
        if (path.equals(place.pathOf(IssuerPlace.TOKEN))) {
            return "issues tokens of " + issuer.name();
        }
        if (path.equals(place.pathOf(IssuerPlace.KEYS))) {
            return "tells the keys of " + issuer.name();
        }
        return path.equals(place.metadataPath()) ? "tells the metadata of " + issuer.name() : "";
    }
}
