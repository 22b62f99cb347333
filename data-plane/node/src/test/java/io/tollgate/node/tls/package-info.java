/** Tests of TLS towards clients. */
@NullMarked
package io.tollgate.node.tls;

import org.jspecify.annotations.NullMarked;
