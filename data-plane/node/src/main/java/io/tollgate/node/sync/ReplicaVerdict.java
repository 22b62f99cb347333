package io.tollgate.node.sync;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.Problem;
import java.util.List;

/** What an update led to. Immutable. */
sealed interface ReplicaVerdict {
    /** The update goes on. */
    record Pending() implements ReplicaVerdict {}

    /** The replica holds the update's revision now. */
    record Applied(long nonce, CompiledConfiguration configuration) implements ReplicaVerdict {}

    /** The update is not acceptable; the replica holds what it held. */
    record Refused(long nonce, long revision, List<Problem> problems) implements ReplicaVerdict {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Both sides disagree on what the replica holds or on the order of messages: only a new stream helps.
     *
     * @param next what the new stream has to begin with
     */
    record OutOfStep(String reason, NextHello next) implements ReplicaVerdict {}

    /** How a hello after a disagreement speaks of what is held. */
    enum NextHello {
        /** As it is: the digest proves it. */
        WITH_HELD_REVISION,
        /** As if nothing were held, so that everything is sent. */
        AS_EMPTY
    }
}
