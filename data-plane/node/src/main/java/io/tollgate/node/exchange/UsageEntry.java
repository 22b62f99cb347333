package io.tollgate.node.exchange;

/**
 * One call as the meter sees it: who, by which plan, on which route, when, how it ended and how much it moved.
 *
 * <p>Ids are UUIDs as two longs; both are 0 where unknown. Mutable and reused from call to call, since the count of a
 * call must not allocate. Event-loop confined.
 */
public final class UsageEntry {
    private long consumerHigh;
    private long consumerLow;
    private long credentialHigh;
    private long credentialLow;
    private long planHigh;
    private long planLow;
    private long routeHigh;
    private long routeLow;
    private OutcomeClass outcomeClass = OutcomeClass.REFUSED;
    private long minute;
    private long requestBytes;
    private long responseBytes;

    /** Forgets everything. */
    public UsageEntry reset() {
        consumer(0, 0);
        credential(0, 0);
        plan(0, 0);
        route(0, 0);
        return ended(OutcomeClass.REFUSED, 0).moved(0, 0);
    }

    public UsageEntry consumer(long high, long low) {
        consumerHigh = high;
        consumerLow = low;
        return this;
    }

    public UsageEntry credential(long high, long low) {
        credentialHigh = high;
        credentialLow = low;
        return this;
    }

    public UsageEntry plan(long high, long low) {
        planHigh = high;
        planLow = low;
        return this;
    }

    public UsageEntry route(long high, long low) {
        routeHigh = high;
        routeLow = low;
        return this;
    }

    /** How and in which minute since the Unix epoch (UTC) the answer ended. */
    public UsageEntry ended(OutcomeClass endedAs, long endedMinute) {
        outcomeClass = endedAs;
        minute = endedMinute;
        return this;
    }

    /** Body bytes in each direction. */
    public UsageEntry moved(long requestBodyBytes, long responseBodyBytes) {
        requestBytes = requestBodyBytes;
        responseBytes = responseBodyBytes;
        return this;
    }

    public long consumerHigh() {
        return consumerHigh;
    }

    public long consumerLow() {
        return consumerLow;
    }

    public long credentialHigh() {
        return credentialHigh;
    }

    public long credentialLow() {
        return credentialLow;
    }

    public long planHigh() {
        return planHigh;
    }

    public long planLow() {
        return planLow;
    }

    public long routeHigh() {
        return routeHigh;
    }

    public long routeLow() {
        return routeLow;
    }

    public OutcomeClass outcomeClass() {
        return outcomeClass;
    }

    public long minute() {
        return minute;
    }

    public long requestBytes() {
        return requestBytes;
    }

    public long responseBytes() {
        return responseBytes;
    }
}
