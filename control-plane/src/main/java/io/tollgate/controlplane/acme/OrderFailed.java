package io.tollgate.controlplane.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An attempt at an order that led nowhere, with what is told of it and what comes next. Immutable. */
final class OrderFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final End end;

    @Nullable
    private final transient Instant notBefore;

    /** What becomes of the order at the server. */
    enum End {
        /** The next attempt goes on with it. */
        KEEP,
        /** The next attempt makes another. */
        DROP
    }

    OrderFailed(String message, End end) {
        this(message, end, null);
    }

    /** @param notBefore when the server wants to be asked again; null: it did not say */
    OrderFailed(String message, End end, @Nullable Instant notBefore) {
        super(message);
        this.end = end;
        this.notBefore = notBefore;
    }

    End end() {
        return end;
    }

    @Nullable
    Instant notBefore() {
        return notBefore;
    }
}
