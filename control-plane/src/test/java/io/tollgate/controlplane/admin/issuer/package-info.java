/** Tests of the tokens of the admin API, without a server. */
@NullMarked
package io.tollgate.controlplane.admin.issuer;

import org.jspecify.annotations.NullMarked;
