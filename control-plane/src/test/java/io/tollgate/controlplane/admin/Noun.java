package io.tollgate.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The nouns whose objects have names, and for each a body that is accepted. */
enum Noun {
    SERVICE("service", "services", """
            "targets": [{"host": "127.0.0.1", "port": 8000}]"""),
    ROUTE("route", "routes", """
            "service": "nouns", "paths": [{"type": "prefix", "value": "/%1$s"}]"""),
    POLICY("policy", "policies", """
            "type": "rate-limit", "attachment": {"consumer": "%1$s"},
            "rate_limit": {"windows": [{"requests": 10, "window_seconds": 60}]}"""),
    PLAN("plan", "plans", """
            "services": ["nouns"]"""),
    LISTENER("listener", "listeners", """
            "address": "%2$s", "port": 8443, "trusted_proxies": ["10.0.0.0/8"]"""),
    CONSUMER("consumer", "consumers", """
            "groups": ["partners"]"""),
    CERTIFICATE("certificate", "certificates", Certificates.CERTIFICATE),
    TRUST_ROOT("trust-root", "trust-roots", Certificates.TRUST_ROOT),
    TOKEN_ISSUER(
            "token-issuer",
            "token-issuers",
            "\"issuer\": \"https://%1$s.example.com/\", \"jwks_url\": \"https://%1$s.example.com/jwks.json\""),
    ACME_CHALLENGE("acme-challenge", "acme-challenges", """
            "token": "%3$s", "key_authorization": "%3$s.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI\""""),
    ADMIN_ISSUER("admin-issuer", "admin-issuers", """
            "issuer": "https://127.0.0.1:1/%1$s", "audiences": ["tollgate"],
            "roles": [{"claim": "groups", "value": "everyone", "role": "auditor"}]"""),
    ACME_ISSUER("acme-issuer", "acme-issuers", """
            "directory_url": "https://acme.example.com/%1$s", "terms_of_service_agreed": true"""),
    TEAM("team", "teams", """
            "services": ["nouns"], "member_tags": ["of-%1$s"]""");

    private final String word;
    private final String collection;
    private final String members;

    Noun(String word, String collection, String members) {
        this.word = word;
        this.collection = collection;
        this.members = members;
    }

    String word() {
        return word;
    }

    String collection() {
        return "/v1/" + collection;
    }

    String at(String nameOrId) {
        return collection() + "/" + nameOrId;
    }

    /** Whether its objects can be switched off and stay. */
    boolean hasSwitch() {
        return this != CERTIFICATE
                && this != TRUST_ROOT
                && this != ACME_CHALLENGE
                && this != ACME_ISSUER
                && this != TEAM;
    }

    /** A new name, and what its object will refer to. */
    String fresh() {
        String name = AdminClient.unique(word);
        AdminClient.service("nouns");
        if (this == POLICY) {
            AdminClient.consumer(name);
        }
        return name;
    }

    /** The JSON of an object of this name, refering to what belongs to {@code owner}. */
    String body(String name, String owner, String more) {
        return "{\"name\": \"" + name + "\", " + members.formatted(owner, address(owner), token(owner)) + more + "}";
    }

    String body(String name) {
        return body(name, name, "");
    }

    private static String token(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** An address of its own for everything: two listeners do not fit at one. */
    static String address(String name) {
        String hex = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "2001:db8:" + hex.substring(0, 24).replaceAll("(.{4})(?!$)", "$1:");
    }

    /** The same object with a tag. */
    String tagged(String name, String tag) {
        return body(name, name, ", \"tags\": [\"" + tag + "\"]");
    }

    /** A new object, by its name. */
    String made() {
        String name = fresh();
        AdminClient.created(collection(), body(name));
        return name;
    }
}
