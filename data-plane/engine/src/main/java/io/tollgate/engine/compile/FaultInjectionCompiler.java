package io.tollgate.engine.compile;

import io.tollgate.engine.policy.FaultInjectionPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.FaultInjection;
import io.tollgate.proto.config.v1.Policy;

/** Policies of the type fault-injection. Compile thread only. */
final class FaultInjectionCompiler implements PolicyRules<FaultInjection, FaultInjectionPolicy> {
    /** A drill that holds calls for longer would fill the node with them. */
    private static final int DELAY_MILLIS_MAX = 60_000;

    @Override
    public PolicyType<FaultInjectionPolicy> type() {
        return PolicyType.FAULT_INJECTION;
    }

    @Override
    public FaultInjection config(Policy policy) {
        return policy.getFaultInjection();
    }

    @Override
    public void check(FaultInjection policy, ObjectProblems problems) {
        String at = "/fault_injection";
        problems.range(
                at + "/delay_basis_points", unsigned(policy.getDelayBasisPoints()), 0, FaultInjectionPolicy.WHOLE);
        problems.range(
                at + "/abort_basis_points", unsigned(policy.getAbortBasisPoints()), 0, FaultInjectionPolicy.WHOLE);
        // What is never done needs no value.
        if (policy.getDelayBasisPoints() != 0 || policy.getDelayMillis() != 0) {
            problems.range(at + "/delay_millis", unsigned(policy.getDelayMillis()), 1, DELAY_MILLIS_MAX);
        }
        if (policy.getAbortBasisPoints() != 0 || policy.getAbortStatus() != 0) {
            problems.range(at + "/abort_status", unsigned(policy.getAbortStatus()), 400, 599);
        }
    }

    @Override
    public FaultInjectionPolicy compile(FaultInjection config, Policy policy) {
        return new FaultInjectionPolicy(
                config.getDelayBasisPoints(),
                config.getDelayMillis(),
                config.getAbortBasisPoints(),
                config.getAbortStatus());
    }

    @Override
    public String words(FaultInjection config) {
        return "delays " + config.getDelayBasisPoints() + " of 10000 calls by " + config.getDelayMillis() + " ms, ends "
                + config.getAbortBasisPoints() + " of 10000 with " + config.getAbortStatus();
    }

    private static long unsigned(int wire) {
        return Integer.toUnsignedLong(wire);
    }
}
