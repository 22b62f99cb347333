/**
 * The side-by-side load bench: starts the real processes and the peers that are on PATH, puts the same load on each in turn, and prints
 * what a request cost. Entry: {@link io.tollgate.bench.load.LoadBench}. Nothing here is timed by a test.
 */
@NullMarked
package io.tollgate.bench.load;

import org.jspecify.annotations.NullMarked;
