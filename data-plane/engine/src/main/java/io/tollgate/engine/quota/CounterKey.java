package io.tollgate.engine.quota;

/**
 * What a count is found again by when its limit is replaced: a changed number of requests keeps the count. Immutable.
 *
 * @param ownerId id of the policy or plan
 * @param windowSeconds length of the window
 */
public record CounterKey(String ownerId, long windowSeconds) {}
