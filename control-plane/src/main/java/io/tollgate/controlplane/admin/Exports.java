package io.tollgate.controlplane.admin;

import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.problem.Problems;
import io.tollgate.controlplane.catalog.RowCursor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;

/** Answers that are read from the database while they are sent, whatever they are of: so many at once. Shared; worker threads only. */
@ApplicationScoped
class Exports {
    /** Each holds a connection to the database for as long as its reader takes. */
    static final int AT_ONCE_MAX = 4;

    private final Request request;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);

    Exports(Request request) {
        this.request = request;
    }

    /** Writes all rows as they come. */
    @FunctionalInterface
    interface Format<T> {
        void write(RowCursor<T> rows, Writer out) throws IOException, SQLException;
    }

    /** What {@link #start} does, for the request at hand: of the answer to a HEAD nobody writes the rows, so none are opened. */
    <T> StreamingOutput answer(DatabaseFailure.Query<RowCursor<T>> open, Format<T> format) {
        return HttpMethod.HEAD.equals(request.getMethod()) ? out -> {} : start(open, format);
    }

    /** Opens the rows; the answer writes them, and has its place until then. Refused as unavailable when there is none. */
    <T> StreamingOutput start(DatabaseFailure.Query<RowCursor<T>> open, Format<T> format) {
        if (!places.tryAcquire()) {
            throw Problems.unavailable("other exports are under way (expected: at most " + AT_ONCE_MAX + " at once)");
        }
        RowCursor<T> opened;
        try {
            opened = DatabaseFailure.unchecked(open);
        } catch (RuntimeException e) {
            places.release();
            throw e;
        }
        return out -> {
            try (RowCursor<T> rows = opened) {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                format.write(rows, writer);
                writer.flush();
            } catch (SQLException e) {
                // The answer breaks off: half of an export must not look like all of it.
                throw new IOException("the database failed in the middle of the export", e);
            } finally {
                places.release();
            }
        };
    }
}
