/** Tests of the tokens of the admin API, without a server. */
@NullMarked
package io.tollgate.controlplane.catalog.audit;

import org.jspecify.annotations.NullMarked;
