package io.tollgate.engine.route;

/** What becomes of several slashes in a row in the path of a request. Immutable. */
public enum DuplicateSlashes {
    /** They become one; what applies where no policy says otherwise. */
    MERGE,
    /** They stay, and are matched and forwarded so. */
    KEEP,
    /** The request is refused. */
    REFUSE
}
