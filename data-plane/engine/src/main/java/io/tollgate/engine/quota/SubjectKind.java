package io.tollgate.engine.quota;

/** What a rate limit counts by. Immutable. */
public enum SubjectKind {
    /** The id of a consumer: as many meters as there are consumers that call. */
    CONSUMER,
    /** The address of an anonymous client: anyone can make many, so their meters are bounded apart. */
    ADDRESS
}
