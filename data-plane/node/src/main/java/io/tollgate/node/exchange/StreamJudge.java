package io.tollgate.node.exchange;

/** Says whether streams that an earlier configuration admitted may go on under that of now. Event-loop confined. */
@FunctionalInterface
public interface StreamJudge {
    /**
     * {@link Outcome#OK}, or how the stream ends.
     *
     * @param standing what was found the last time, which this changes
     */
    Outcome judge(StreamStanding standing, long nowNanos);
}
