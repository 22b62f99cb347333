/**
 * The sample upstream: an API that behaves, or misbehaves, as its paths say. Entry class {@link
 * io.tollgate.e2e.upstream.SampleUpstream}; everything runs on one event loop.
 */
@NullMarked
package io.tollgate.e2e.upstream;

import org.jspecify.annotations.NullMarked;
