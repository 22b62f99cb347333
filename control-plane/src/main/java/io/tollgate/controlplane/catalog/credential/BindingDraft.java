package io.tollgate.controlplane.catalog.credential;

/**
 * What a caller wants a credential to be that is no API key; its shape has been judged against the contract. Immutable.
 *
 * @param type the word of its type
 * @param issuer name or id of the token issuer
 * @param subject value of the issuer's consumer claim
 */
public record BindingDraft(String name, String type, String issuer, String subject) {}
