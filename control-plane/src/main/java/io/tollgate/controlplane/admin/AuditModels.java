package io.tollgate.controlplane.admin;

import io.tollgate.admin.model.AuditOutcome;
import io.tollgate.controlplane.catalog.audit.AuditRecord;
import java.time.ZoneOffset;

/** Rows of the audit as the contract has them. Immutable functions. */
final class AuditModels {
    private AuditModels() {}

    static io.tollgate.admin.model.AuditRecord of(AuditRecord row) {
        return new io.tollgate.admin.model.AuditRecord()
                .id(row.id())
                .happenedAt(row.happenedAt().atOffset(ZoneOffset.UTC))
                .actor(row.actor())
                .roles(row.roles())
                .issuer(row.proof().issuer())
                .tokenId(row.proof().tokenId())
                .clientAddress(row.origin().clientAddress())
                .userAgent(row.origin().userAgent())
                .requestId(row.origin().requestId())
                .action(row.action())
                .kind(row.kind())
                .objectId(row.objectId())
                .objectName(row.objectName())
                .revision(row.revision())
                .outcome(AuditOutcome.fromValue(row.outcome()))
                .status(row.status())
                .attempts(row.attempts())
                .lastAt(row.lastAt() == null ? null : row.lastAt().atOffset(ZoneOffset.UTC))
                .before(row.before())
                .after(row.after());
    }
}
