package io.tollgate.controlplane.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.admin.api.AuditApi;
import io.tollgate.admin.model.AuditFormat;
import io.tollgate.admin.model.AuditOutcome;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.catalog.audit.AuditQuestion;
import io.tollgate.controlplane.catalog.audit.AuditRecord;
import io.tollgate.controlplane.catalog.audit.AuditSearch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit over REST, as JSON lines and as CSV. Shared; worker threads only. */
@ApplicationScoped
public class AuditResource implements AuditApi {
    private static final String LISTING = "audit";

    private final AuditSearch audit;
    private final Reads reads;
    private final ObjectMapper mapper;
    private final Exports exports;

    AuditResource(AuditSearch audit, Reads reads, ObjectMapper mapper, Exports exports) {
        this.audit = audit;
        this.reads = reads;
        this.mapper = mapper;
        this.exports = exports;
    }

    @Override
    public Response listAudit(
            OffsetDateTime from,
            OffsetDateTime to,
            String actor,
            String kind,
            String object,
            AuditOutcome outcome,
            Integer limit,
            String cursor) {
        String after = Cursor.parse(LISTING, cursor);
        long below = after.isEmpty() ? Long.MAX_VALUE : number(after);
        AuditQuestion question = question(from, to, actor, kind, object, outcome);
        return reads.whole(() -> DatabaseFailure.unchecked(() -> {
            List<AuditRecord> rows = audit.page(question, below, limit + 1);
            return Page.of(
                    LISTING,
                    rows,
                    limit,
                    row -> Long.toString(row.id()),
                    page -> page.stream().map(AuditModels::of).toList());
        }));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Cursor.invalid();
        }
    }

    @Override
    public Response exportAudit(
            OffsetDateTime from,
            OffsetDateTime to,
            String actor,
            String kind,
            String object,
            AuditOutcome outcome,
            AuditFormat format) {
        boolean csv = format == AuditFormat.CSV;
        AuditQuestion question = question(from, to, actor, kind, object, outcome);
        StreamingOutput body = exports.answer(() -> audit.open(question), (rows, out) -> {
            AuditLines lines = new AuditLines(out, mapper);
            if (csv) {
                lines.csv(rows);
            } else {
                lines.json(rows);
            }
        });
        return Response.ok(body, csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl")
                .header("Content-Disposition", "attachment; filename=\"audit." + format + "\"")
                .build();
    }

    private static AuditQuestion question(
            @Nullable OffsetDateTime from,
            @Nullable OffsetDateTime to,
            @Nullable String actor,
            @Nullable String kind,
            @Nullable String object,
            @Nullable AuditOutcome outcome) {
        return new AuditQuestion(
                instant(from), instant(to), actor, kind, object, outcome == null ? null : outcome.toString());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
