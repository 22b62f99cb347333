package io.tollgate.engine.policy;

/**
 * A drill: which share of the admitted calls is delayed, and which is ended by the gateway. Immutable.
 *
 * @param delayBasisPoints share of the calls that wait, in hundredths of a percent
 * @param delayMillis how long they wait
 * @param abortBasisPoints share of the calls that end, those that waited among them, in hundredths of a percent
 * @param abortStatus HTTP status of their answer, 400 to 599
 */
public record FaultInjectionPolicy(int delayBasisPoints, int delayMillis, int abortBasisPoints, int abortStatus) {
    /** Basis points of all calls. */
    public static final int WHOLE = 10_000;
}
