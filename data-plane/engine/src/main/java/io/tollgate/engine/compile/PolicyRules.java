package io.tollgate.engine.compile;

import com.google.protobuf.Message;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Policy;

/**
 * What the compiler knows of one type of policy. Compile thread only.
 *
 * @param <M> what it says on the wire
 * @param <T> what it is once compiled
 */
interface PolicyRules<M extends Message, T> {
    PolicyType<T> type();

    /** What this policy, which is of the type, says. */
    M config(Policy policy);

    /** Says what is wrong with it, by pointers below the type's member. */
    void check(M config, ObjectProblems problems);

    /** Compiles what was checked. */
    T compile(M config, Policy policy);

    /** What it says, in a line for people that holds no secret. */
    String words(M config);
}
