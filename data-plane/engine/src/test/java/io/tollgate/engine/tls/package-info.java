/** Tests of what proves who somebody is. */
@NullMarked
package io.tollgate.engine.tls;

import org.jspecify.annotations.NullMarked;
