package io.tollgate.engine.upstream;

/**
 * When calls that fail take a target out of the choice. Immutable.
 *
 * @param connectOnly only failed connections count; else every {@link CallResult#isFailure() failure}
 * @param consecutiveFailures failures in a row that eject; 0: never
 * @param errorRatePercent share of failures in an interval that ejects; 0: never
 * @param errorRateMarginPercent how much lower the share of the other targets must be
 * @param minimumCalls calls in an interval below which a share says nothing
 * @param intervalMillis length of an interval
 * @param ejectionMillis the n-th ejection in a row lasts n times this
 * @param ejectionMillisMax and at most this
 * @param ejectedPercentMax share of the targets that may be out at once; of several, one always may
 * @param panicPercent share of healthy targets below which health is ignored; 0: never
 */
public record EjectionRules(
        boolean connectOnly,
        int consecutiveFailures,
        int errorRatePercent,
        int errorRateMarginPercent,
        int minimumCalls,
        int intervalMillis,
        int ejectionMillis,
        int ejectionMillisMax,
        int ejectedPercentMax,
        int panicPercent) {
    /** What applies where a service says nothing: one failed connection may be bad luck, three in a row are not. */
    public static final EjectionRules DEFAULT = new EjectionRules(true, 3, 0, 0, 1, 10_000, 5_000, 5_000, 50, 0);

    /** Whether a result speaks against a target under these rules. */
    boolean counts(CallResult result) {
        return connectOnly ? result == CallResult.CONNECT_FAILURE : result.isFailure();
    }
}
