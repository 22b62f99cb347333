package io.tollgate.engine.upstream;

/** What a balancer may ask about a call. Implemented by the caller; asked on its own thread only. */
public interface PickRequest {
    /** The hash of what {@code rules} name; 0 when the call has no such thing. */
    int hash(HashRules rules);

    /** Whether this call has already been tried there: such a target is the last choice. */
    boolean isTried(TargetState target);

    /** Any number, each with the same chance. */
    int random();
}
