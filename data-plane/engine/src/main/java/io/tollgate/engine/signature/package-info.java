/**
 * HTTP message signatures (RFC 9421): what a signature says that it covers, the text that was signed, whether a key made it, and digests of
 * bodies (RFC 9530).
 *
 * <p>Messages are seen through {@link io.tollgate.engine.signature.SignedMessage}; nothing here knows HTTP. Structured fields (RFC 9651) are
 * read as strictly as they can be: what could be understood in two ways is understood in none. Which keys are known is the room {@code
 * consumer}'s affair. The entry class is {@link io.tollgate.engine.signature.PresentedSignature}. All immutable; any thread.
 */
@NullMarked
package io.tollgate.engine.signature;

import org.jspecify.annotations.NullMarked;
