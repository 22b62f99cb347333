/**
 * Who, how much, where to, what matched: the pure part of the gateway, used by both planes so that they judge alike.
 *
 * <p>Here live rooms of plain Java that know nothing of HTTP, gRPC or a database: {@code route} (what matched), {@code
 * consumer} (who), {@code quota} (how much), {@code upstream} (where to), {@code policy} (rules on traffic) and {@code
 * compile} (the only room that sees the messages of the wire). What touches a socket lives in the module of the node;
 * what touches a table lives in the control plane. The entry class is {@link
 * io.tollgate.engine.compile.ConfigurationCompiler}.
 *
 * <p>Threads: compiled objects are immutable and shared; state that is adopted across revisions (counters, target
 * health) is shared and lock-free; the compile room runs on one thread at a time.
 */
@NullMarked
package io.tollgate.engine;

import org.jspecify.annotations.NullMarked;
