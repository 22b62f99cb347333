package io.tollgate.controlplane.admin;

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
    CONSUMER("consumer", "consumers", """
            "groups": ["partners"]"""),
    CERTIFICATE("certificate", "certificates", Certificates.CERTIFICATE),
    TRUST_ROOT("trust-root", "trust-roots", Certificates.TRUST_ROOT);

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
        return this != CERTIFICATE && this != TRUST_ROOT;
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
        return "{\"name\": \"" + name + "\", " + members.formatted(owner) + more + "}";
    }

    String body(String name) {
        return body(name, name, "");
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
