/**
 * From the wire to the model: the configuration as bytes, its digest, and the compiler that turns it into objects that
 * a request can follow, or into problems that name the objects at fault.
 *
 * <p>The only room that sees protobuf types. The entry class is {@link
 * io.tollgate.engine.compile.ConfigurationCompiler}. Threads: one compile thread at a time; what comes out is immutable.
 */
@NullMarked
package io.tollgate.engine.compile;

import org.jspecify.annotations.NullMarked;
