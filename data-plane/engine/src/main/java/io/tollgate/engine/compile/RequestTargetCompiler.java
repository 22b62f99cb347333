package io.tollgate.engine.compile;

import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.RequestTargetRules;
import java.util.Locale;

/** Policies of the type request-target. Compile thread only. */
final class RequestTargetCompiler implements PolicyRules<RequestTargetRules, DuplicateSlashes> {
    @Override
    public PolicyType<DuplicateSlashes> type() {
        return PolicyType.REQUEST_TARGET;
    }

    @Override
    public RequestTargetRules config(Policy policy) {
        return policy.getRequestTarget();
    }

    @Override
    public void check(RequestTargetRules config, ObjectProblems problems) {
        switch (config.getDuplicateSlashes()) {
            case DUPLICATE_SLASHES_MERGE, DUPLICATE_SLASHES_KEEP, DUPLICATE_SLASHES_REFUSE -> {}
            default ->
                problems.add(
                        "/request_target/duplicate_slashes",
                        config.getDuplicateSlashesValue(),
                        "merge, keep or refuse");
        }
    }

    @Override
    public DuplicateSlashes compile(RequestTargetRules config, Policy policy) {
        return compile(config);
    }

    @Override
    public String words(RequestTargetRules config) {
        return "duplicate slashes: " + compile(config).name().toLowerCase(Locale.ROOT);
    }

    private static DuplicateSlashes compile(RequestTargetRules config) {
        return switch (config.getDuplicateSlashes()) {
            case DUPLICATE_SLASHES_KEEP -> DuplicateSlashes.KEEP;
            case DUPLICATE_SLASHES_REFUSE -> DuplicateSlashes.REFUSE;
            default -> DuplicateSlashes.MERGE;
        };
    }
}
