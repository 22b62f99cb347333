package io.tollgate.controlplane.billing;

import io.tollgate.controlplane.catalog.revision.ObjectKind;
import org.jspecify.annotations.Nullable;

/** What usage can be told apart by. Immutable. */
public enum Dimension {
    CONSUMER("consumer_id", ObjectKind.CONSUMER),
    KEY("credential_id", ObjectKind.CREDENTIAL),
    PLAN("plan_id", ObjectKind.PLAN),
    ROUTE("route_id", ObjectKind.ROUTE),
    OUTCOME_CLASS("outcome_class", null);

    private final String column;
    private final @Nullable ObjectKind kind;

    Dimension(String column, @Nullable ObjectKind kind) {
        this.column = column;
        this.kind = kind;
    }

    /** Its column in the ledger. */
    String column() {
        return column;
    }

    /** What its ids are ids of; absent where it holds words. */
    @Nullable
    ObjectKind kind() {
        return kind;
    }
}
