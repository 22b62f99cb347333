/** Tests of admin tokens. */
@NullMarked
package io.tollgate.controlplane.admin.token;

import org.jspecify.annotations.NullMarked;
