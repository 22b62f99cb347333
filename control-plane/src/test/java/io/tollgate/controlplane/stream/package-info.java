/** The streams as a node sees them: real gRPC, real PostgreSQL. */
@NullMarked
package io.tollgate.controlplane.stream;

import org.jspecify.annotations.NullMarked;
