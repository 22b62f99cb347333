/** Tests of the REST edge over real HTTP and a real PostgreSQL. */
@NullMarked
package io.tollgate.controlplane.admin;

import org.jspecify.annotations.NullMarked;
