package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.RevisionsApi;
import io.tollgate.admin.model.Revision;
import io.tollgate.admin.model.RevisionChange;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.catalog.audit.AuditEntry;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.revision.RevisionEntry;
import io.tollgate.controlplane.catalog.revision.RevisionHistory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.util.List;

/** Committed configurations over REST. Shared; worker threads only. */
@ApplicationScoped
public class RevisionsResource implements RevisionsApi {
    private static final String LISTING = "revision";

    private final RevisionHistory history;
    private final AuditLog audit;
    private final Reads reads;

    RevisionsResource(RevisionHistory history, AuditLog audit, Reads reads) {
        this.history = history;
        this.audit = audit;
        this.reads = reads;
    }

    @Override
    public Response listRevisions(Integer limit, String cursor) {
        String after = Cursor.parse(LISTING, cursor);
        long below = after.isEmpty() ? Long.MAX_VALUE : number(after);
        return reads.whole(() -> {
            List<RevisionEntry> rows = history.page(below, limit + 1);
            return Page.of(
                    LISTING,
                    rows,
                    limit,
                    row -> Long.toString(row.revision()),
                    page -> page.stream().map(row -> model(row).changes(null)).toList());
        });
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Cursor.invalid();
        }
    }

    @Override
    public Response getRevision(Long revision) {
        return reads.whole(() -> {
            List<RevisionChange> changes = audit.ofRevision(revision).stream()
                    .map(RevisionsResource::model)
                    .toList();
            return model(history.get(revision)).changes(changes);
        });
    }

    private static Revision model(RevisionEntry row) {
        return new Revision()
                .revision(row.revision())
                .committedAt(row.committedAt().atOffset(ZoneOffset.UTC))
                .actor(row.actor())
                .summary(row.summary());
    }

    private static RevisionChange model(AuditEntry row) {
        return new RevisionChange()
                .kind(row.objectKind())
                .id(row.objectId())
                .name(row.objectName())
                .action(row.action())
                .before(row.before())
                .after(row.after());
    }
}
