package io.tollgate.controlplane.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.billing.UsageCsv;
import io.tollgate.controlplane.catalog.RowCursor;
import io.tollgate.controlplane.catalog.audit.AuditRecord;
import java.io.IOException;
import java.io.Writer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes rows of the audit as they come: a JSON object on each line, or CSV (RFC 4180) with a header line. One thread. */
final class AuditLines {
    private static final String HEADER =
            "id,happened_at,actor,roles,issuer,token_id,client_address,user_agent,request_id,action,kind,"
                    + "object_id,object_name,revision,outcome,status,attempts,last_at,before,after\r\n";

    private final Writer out;
    private final ObjectMapper mapper;

    AuditLines(Writer out, ObjectMapper mapper) {
        this.out = out;
        this.mapper = mapper;
    }

    void json(RowCursor<AuditRecord> rows) throws IOException, SQLException {
        for (AuditRecord row = rows.next(); row != null; row = rows.next()) {
            out.write(mapper.writeValueAsString(AuditModels.of(row)));
            out.write('\n');
        }
    }

    void csv(RowCursor<AuditRecord> rows) throws IOException, SQLException {
        out.write(HEADER);
        for (AuditRecord row = rows.next(); row != null; row = rows.next()) {
            csv(row);
        }
    }

    private void csv(AuditRecord row) throws IOException {
        out.write(Long.toString(row.id()));
        cell(row.happenedAt());
        cell(row.actor());
        cell(String.join(" ", row.roles()));
        cell(row.proof().issuer());
        cell(row.proof().tokenId());
        cell(row.origin().clientAddress());
        cell(row.origin().userAgent());
        cell(row.origin().requestId());
        cell(row.action());
        cell(row.kind());
        cell(row.objectId());
        cell(row.objectName());
        cell(row.revision());
        cell(row.outcome());
        cell(row.status());
        cell(row.attempts());
        cell(row.lastAt());
        cell(row.before() == null ? null : mapper.writeValueAsString(row.before()));
        cell(row.after() == null ? null : mapper.writeValueAsString(row.after()));
        out.write("\r\n");
    }

    private void cell(@Nullable Object value) throws IOException {
        out.write(',');
        if (value != null) {
            out.write(UsageCsv.escaped(value.toString()));
        }
    }
}
