package io.tollgate.controlplane.catalog.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from. Immutable.
 *
 * @param clientAddress of the other end of the connection, which nobody can forge; no header field is believed. Absent for what the
 *                      control plane does by itself
 * @param userAgent     what the client calls itself, cut to {@link #USER_AGENT_CHARS_MAX} printable characters
 * @param requestId     made here for each request; the answer names it
 */
public record Origin(
        @Nullable String clientAddress,
        @Nullable String userAgent,
        @Nullable UUID requestId) {
    /** Enough to tell programs and their versions apart. */
    static final int USER_AGENT_CHARS_MAX = 256;

    /** The control plane itself. */
    public static final Origin INSIDE = new Origin(null, null, null);

    public Origin {
        userAgent = userAgent == null ? null : PlainText.of(userAgent, USER_AGENT_CHARS_MAX);
    }
}
