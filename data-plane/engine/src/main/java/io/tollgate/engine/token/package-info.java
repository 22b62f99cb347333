/**
 * JSON Web Tokens: who issues them, with which keys, and whether one holds (RFC 7515, 7517, 7518, 7519, 8037, 8725).
 *
 * <p>The signatures are checked by a kept library, which sees no header of a token: what is read, which key and which algorithm are
 * meant is decided here. Keys are not fetched here, nor are results remembered; both are the node's. The entry class is {@link
 * io.tollgate.engine.token.TokenJudge}. All immutable and shared.
 */
@NullMarked
package io.tollgate.engine.token;

import org.jspecify.annotations.NullMarked;
