package io.tollgate.engine.token;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Issuers of the tests of this room. */
final class Issuers {
    static final String ISSUER = "https://login.example.com/";

    private Issuers() {}

    static TokenIssuer taking(TokenAlgorithm... algorithms) {
        return with(new TokenIssuer.Rules(Set.of(algorithms), List.of("JWT", "at+jwt"), List.of(), 0, List.of(), 0));
    }

    static TokenIssuer takingAll() {
        return taking(EnumSet.allOf(TokenAlgorithm.class).toArray(new TokenAlgorithm[0]));
    }

    static TokenIssuer with(TokenIssuer.Rules rules) {
        return new TokenIssuer(
                "i1",
                "login",
                ISSUER,
                new TokenIssuer.Keys.Held(KeySet.NONE),
                rules,
                new TokenIssuer.Binding(
                        ClaimPath.of("sub"), TokenIssuer.ConsumerBy.CREDENTIAL, false, ClaimPath.of("scope")));
    }
}
