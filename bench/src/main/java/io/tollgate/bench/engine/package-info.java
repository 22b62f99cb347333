/**
 * Micro benchmarks of the engine's hot classes, run with {@code jmh -prof gc} for their bytes per operation.
 *
 * <p>What the node as a whole costs is measured by the load bench. Threads: as JMH has it.
 */
@NullMarked
package io.tollgate.bench.engine;

import org.jspecify.annotations.NullMarked;
