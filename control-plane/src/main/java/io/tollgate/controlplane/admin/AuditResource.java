package io.tollgate.controlplane.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.admin.api.AuditApi;
import io.tollgate.admin.model.AuditFormat;
import io.tollgate.admin.model.AuditOutcome;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.problem.Problems;
import io.tollgate.controlplane.catalog.RowCursor;
import io.tollgate.controlplane.catalog.audit.AuditQuestion;
import io.tollgate.controlplane.catalog.audit.AuditRecord;
import io.tollgate.controlplane.catalog.audit.AuditSearch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The audit over REST, as JSON lines and as CSV. Shared; worker threads only. */
@ApplicationScoped
public class AuditResource implements AuditApi {
    /** Exports at once: each holds a connection to the database for as long as its reader takes. */
    static final int EXPORTS_MAX = 4;

    private static final String LISTING = "audit";

    private final AuditSearch audit;
    private final Reads reads;
    private final ObjectMapper mapper;
    private final Semaphore exports = new Semaphore(EXPORTS_MAX);

    AuditResource(AuditSearch audit, Reads reads, ObjectMapper mapper) {
        this.audit = audit;
        this.reads = reads;
        this.mapper = mapper;
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
        if (!exports.tryAcquire()) {
            throw Problems.unavailable("other exports are under way (expected: at most " + EXPORTS_MAX + " at once)");
        }
        RowCursor<AuditRecord> rows;
        try {
            AuditQuestion question = question(from, to, actor, kind, object, outcome);
            rows = DatabaseFailure.unchecked(() -> audit.open(question));
        } catch (RuntimeException e) {
            exports.release();
            throw e;
        }
        boolean csv = format == AuditFormat.CSV;
        StreamingOutput body = out -> {
            try (rows;
                    BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                AuditLines lines = new AuditLines(writer, mapper);
                if (csv) {
                    lines.csv(rows);
                } else {
                    lines.json(rows);
                }
            } catch (SQLException e) {
                // The answer breaks off: half of an audit must not look like all of it.
                throw new IOException("the database failed in the middle of the export", e);
            } finally {
                exports.release();
            }
        };
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
