/** Tests of the client of ACME servers that need no server. */
@NullMarked
package io.tollgate.controlplane.acme;

import org.jspecify.annotations.NullMarked;
