package io.tollgate.engine.upstream;

/**
 * When an idempotent call without a body is sent to another target too. Immutable.
 *
 * @param delayMillis without an answer, after which the next one is sent
 * @param hedges attempts beside the first
 */
public record HedgeRules(int delayMillis, int hedges) {}
