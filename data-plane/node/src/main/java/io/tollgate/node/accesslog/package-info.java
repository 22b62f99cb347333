/**
 * The access log: one line per request, or for a share of them, to a file, the standard output or a syslog server.
 *
 * <p>Entry class: {@link io.tollgate.node.accesslog.AccessLog}. Event loops choose and hand over; one thread writes.
 */
@NullMarked
package io.tollgate.node.accesslog;

import org.jspecify.annotations.NullMarked;
