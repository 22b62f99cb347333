package io.tollgate.controlplane.admin.answer;

import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** What a writer says it has read. Immutable. */
record IfMatch(@Nullable String tags) {
    /** Ends the request when the writer has read something else than what is there. */
    void judge(@Nullable String currentTag) {
        if (tags == null) {
            return;
        }
        if (currentTag == null) {
            throw ProblemException.of(ProblemType.PRECONDITION_FAILED, "there is no such thing (any more)");
        }
        if (!EntityTag.isWritable(tags, currentTag)) {
            throw ProblemException.of(
                    ProblemType.PRECONDITION_FAILED, "If-Match " + tags + " (expected: " + currentTag + ")");
        }
    }

    /** Ends the request when the writer does not say what it has read. */
    void require() {
        if (tags == null) {
            throw ProblemException.of(
                    ProblemType.PRECONDITION_REQUIRED,
                    "If-Match is absent (expected: the ETag of what is to be changed, as read)");
        }
    }
}
