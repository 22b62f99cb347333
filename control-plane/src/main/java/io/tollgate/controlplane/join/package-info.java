/**
 * Who may speak on the streams between the planes: the authority of the database, one-time join tokens, and the certificates that
 * nodes were given ({@link io.tollgate.controlplane.join.NodeCertificates}, the entry). Knows neither gRPC nor REST: {@code stream} asks
 * here whom to let in, {@code admin} issues and revokes. Worker threads; blocks on the database.
 */
@NullMarked
package io.tollgate.controlplane.join;

import org.jspecify.annotations.NullMarked;
