/**
 * Who did what, and who tried to: append only. Enter at {@link io.tollgate.controlplane.catalog.audit.AuditLog}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.audit;

import org.jspecify.annotations.NullMarked;
