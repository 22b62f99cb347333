/**
 * Tokens that nodes issue to consumers (RFC 6749, 4.4; RFC 9068), and what others must know to believe them: keys and metadata.
 *
 * <p>The entry class is {@link io.tollgate.node.credential.issue.IssuerEndpoints}. Answers are given on the event loops; tokens are signed on
 * the threads that check credentials. Who believes a token is told by {@code credential}, as of everybody else's.
 */
@NullMarked
package io.tollgate.node.credential.issue;

import org.jspecify.annotations.NullMarked;
