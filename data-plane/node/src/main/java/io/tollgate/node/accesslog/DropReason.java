package io.tollgate.node.accesslog;

import java.util.Locale;

/** Why a line of the access log was lost. Immutable. */
public enum DropReason {
    /** More lines came than the destination took. */
    QUEUE_FULL,
    /** The destination refused it. */
    WRITE_FAILED;

    /** The word of metric labels. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
