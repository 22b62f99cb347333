package io.tollgate.controlplane.billing;

import io.tollgate.controlplane.catalog.RowCursor;
import java.io.IOException;
import java.io.Writer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Usage as CSV (RFC 4180): a header line, CRLF after every line. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front: names are chosen by operators, but the file is opened by somebody else. One thread.
 */
public final class UsageCsv {
    private static final String HEADER =
            "interval_start,consumer_id,consumer,billing_id,key_id,key,plan_id,plan,route_id,"
                    + "route,outcome_class,requests,request_bytes,response_bytes\r\n";

    private static final String FORMULA_STARTS = "=+-@\t\r";

    private final Writer out;

    public UsageCsv(Writer out) {
        this.out = out;
    }

    /** Writes the header and all lines. */
    public void write(RowCursor<UsageLine> lines) throws IOException, SQLException {
        out.write(HEADER);
        for (UsageLine line = lines.next(); line != null; line = lines.next()) {
            write(line);
        }
        out.flush();
    }

    private void write(UsageLine line) throws IOException {
        out.write(line.intervalStart().toString());
        cell(line.consumerId());
        cell(line.consumer());
        cell(line.billingId());
        cell(line.keyId());
        cell(line.key());
        cell(line.planId());
        cell(line.plan());
        cell(line.routeId());
        cell(line.route());
        cell(line.outcomeClass());
        cell(line.requests());
        cell(line.requestBytes());
        cell(line.responseBytes());
        out.write("\r\n");
    }

    private void cell(@Nullable Object value) throws IOException {
        out.write(',');
        if (value != null) {
            out.write(escaped(value.toString()));
        }
    }

    /** A cell that holds {@code text}. */
    public static String escaped(String text) {
        String safe = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
