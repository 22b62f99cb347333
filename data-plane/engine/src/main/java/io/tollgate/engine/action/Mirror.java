package io.tollgate.engine.action;

import io.tollgate.engine.upstream.Upstream;

/**
 * That a copy of the request goes to another service too, whose answer is thrown away. Immutable.
 *
 * @param upstream the other service
 * @param percent share of the calls that are copied, 1 to 100
 * @param bodyBytesMax a call with a longer body is not copied
 */
public record Mirror(Upstream upstream, int percent, int bodyBytesMax) {}
