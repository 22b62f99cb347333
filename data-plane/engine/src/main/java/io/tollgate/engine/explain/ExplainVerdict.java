package io.tollgate.engine.explain;

import java.util.Locale;

/** What the nodes say to a request before they ask who calls. Immutable. */
public enum ExplainVerdict {
    /** One route answers. */
    FOUND,
    /** The gateway answers by itself, before any route. */
    GATEWAY,
    /** No route matches, whatever the method. */
    NOT_FOUND,
    /** Some route matches all but the method. */
    METHOD_NOT_ALLOWED,
    /** Host or target are not valid, or ambiguous. */
    BAD_REQUEST;

    /** As the admin API writes it, for example {@code not-found}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
