package io.tollgate.controlplane.usage;

/** Counts of one row. Immutable. */
record UsageCount(long requests, long requestBytes, long responseBytes) {
    UsageCount plus(UsageCount other) {
        return new UsageCount(
                Math.addExact(requests, other.requests),
                Math.addExact(requestBytes, other.requestBytes),
                Math.addExact(responseBytes, other.responseBytes));
    }
}
