package io.tollgate.controlplane.catalog.revision;

/** What an object of the configuration is. Its word stands in the change log, the audit and the problems. Immutable. */
public enum ObjectKind {
    CERTIFICATE("certificate"),
    TRUST_ROOT("trust-root"),
    TOKEN_ISSUER("token-issuer"),
    SERVICE("service"),
    ROUTE("route"),
    POLICY("policy"),
    PLAN("plan"),
    CONSUMER("consumer"),
    CREDENTIAL("credential"),
    SUBSCRIPTION("subscription"),
    GATEWAY("gateway"),
    LISTENER("listener"),
    ACME_CHALLENGE("acme-challenge"),
    ADMIN_ISSUER("admin-issuer"),
    ACME_ISSUER("acme-issuer"),
    TEAM("team");

    private final String word;

    ObjectKind(String word) {
        this.word = word;
    }

    /** The word of the glossary, as it is stored. */
    public String word() {
        return word;
    }

    /** Whether nodes get objects of this kind; otherwise they are the control plane's own affair. */
    public boolean reachesNodes() {
        return this != ADMIN_ISSUER && this != ACME_ISSUER && this != TEAM;
    }

    /** The kind that a stored word stands for. */
    public static ObjectKind ofWord(String word) {
        for (ObjectKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(word + " (expected: a kind of object)");
    }
}
