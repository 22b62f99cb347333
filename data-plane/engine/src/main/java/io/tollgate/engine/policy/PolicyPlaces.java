package io.tollgate.engine.policy;

/** Where policies of a type may be attached. Immutable. */
public enum PolicyPlaces {
    /** What it says is needed before a route is known. */
    GLOBAL("global"),
    /** What it says is needed before a caller is known. */
    BEFORE_CALLER("global, a service or a route"),
    ANYWHERE("global, service, route, plan or consumer");

    private final String words;

    PolicyPlaces(String words) {
        this.words = words;
    }

    /** The places, for people. */
    public String words() {
        return words;
    }
}
