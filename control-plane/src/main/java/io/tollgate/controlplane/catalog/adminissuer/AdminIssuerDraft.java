package io.tollgate.controlplane.catalog.adminissuer;

import java.util.List;

/**
 * What a caller wants an issuer to be; its shape has been judged against the contract. Immutable.
 *
 * @param rules without teams
 * @param teams those, by name or id
 */
public record AdminIssuerDraft(
        String name, boolean enabled, String issuer, IssuerRules rules, List<TeamWish> teams, List<String> tags) {
    /** Stands for no limit in place of a team. */
    public static final String EVERYTHING = "*";

    /** Whoever has {@code value} in the claim at the path {@code claim} reaches what the team has. Immutable. */
    public record TeamWish(String claim, String value, String team) {}
}
