package io.tollgate.controlplane.catalog.adminissuer;

import java.util.List;

/** What a caller wants an issuer to be; its shape has been judged against the contract. Immutable. */
public record AdminIssuerDraft(String name, boolean enabled, String issuer, IssuerRules rules, List<String> tags) {}
