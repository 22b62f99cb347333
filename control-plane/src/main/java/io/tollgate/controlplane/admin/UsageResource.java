package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.UsageApi;
import io.tollgate.admin.model.OutcomeClass;
import io.tollgate.admin.model.UsageDimension;
import io.tollgate.admin.model.UsageInterval;
import io.tollgate.admin.model.UsagePage;
import io.tollgate.admin.model.UsageRow;
import io.tollgate.admin.model.UsageTotals;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.billing.Dimension;
import io.tollgate.controlplane.billing.Interval;
import io.tollgate.controlplane.billing.UsageCsv;
import io.tollgate.controlplane.billing.UsageLine;
import io.tollgate.controlplane.billing.UsageQuestion;
import io.tollgate.controlplane.billing.UsageReport;
import io.tollgate.controlplane.billing.UsageSums;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was counted over REST, and as CSV. Shared; worker threads only. */
@ApplicationScoped
public class UsageResource implements UsageApi {
    private static final String KEY_SEPARATOR = "|";

    private final UsageReport usage;
    private final Reads reads;
    private final Exports exports;

    UsageResource(UsageReport usage, Reads reads, Exports exports) {
        this.usage = usage;
        this.reads = reads;
        this.exports = exports;
    }

    @Override
    public Response getUsage(
            OffsetDateTime from,
            OffsetDateTime to,
            UsageInterval interval,
            List<UsageDimension> groupBy,
            String consumer,
            UUID key,
            String plan,
            String route,
            OutcomeClass outcomeClass,
            Integer limit,
            String cursor) {
        return reads.whole(() -> DatabaseFailure.unchecked(() -> {
            Map<Dimension, String> only = new EnumMap<>(Dimension.class);
            only(only, Dimension.CONSUMER, ObjectKind.CONSUMER, consumer);
            only(only, Dimension.PLAN, ObjectKind.PLAN, plan);
            only(only, Dimension.ROUTE, ObjectKind.ROUTE, route);
            if (key != null) {
                only.put(Dimension.KEY, key.toString());
            }
            if (outcomeClass != null) {
                only.put(Dimension.OUTCOME_CLASS, outcomeClass.toString());
            }
            return page(question(from, to, interval, groupBy, only), limit, cursor);
        }));
    }

    @Override
    public Response exportUsage(
            OffsetDateTime from,
            OffsetDateTime to,
            UsageInterval interval,
            List<UsageDimension> groupBy,
            String consumer,
            OutcomeClass outcomeClass) {
        StreamingOutput body = exports.answer(
                () -> {
                    Map<Dimension, String> only = new EnumMap<>(Dimension.class);
                    only(only, Dimension.CONSUMER, ObjectKind.CONSUMER, consumer);
                    if (outcomeClass != null) {
                        only.put(Dimension.OUTCOME_CLASS, outcomeClass.toString());
                    }
                    return usage.open(question(from, to, interval, groupBy, only));
                },
                (lines, out) -> new UsageCsv(out).write(lines));
        return Response.ok(body, "text/csv; charset=utf-8; header=present")
                .header("Content-Disposition", "attachment; filename=\"usage.csv\"")
                .build();
    }

    private UsagePage page(UsageQuestion question, int limit, @Nullable String cursor) throws SQLException {
        // The cursor fits only the question that it was made for.
        String listing = ("usage-" + question.interval() + question.groupBy() + question.from() + question.to())
                .replace(" ", "");
        String after = Cursor.parse(listing, cursor);
        List<String> afterKey = after.isEmpty() ? List.of() : Arrays.asList(after.split("\\|", -1));
        if (!after.isEmpty() && !usage.isKey(question, afterKey)) {
            throw Cursor.invalid();
        }
        List<UsageLine> lines = usage.lines(question, afterKey, limit + 1);
        boolean more = lines.size() > limit;
        List<UsageLine> shown = more ? lines.subList(0, limit) : lines;
        UsagePage page = new UsagePage()
                .items(shown.stream().map(UsageResource::model).toList())
                .totals(model(usage.sums(question)));
        if (more) {
            List<String> last = usage.keyOf(question, shown.get(limit - 1));
            page.setNextCursor(Cursor.of(listing, String.join(KEY_SEPARATOR, last)));
        }
        return page;
    }

    private void only(Map<Dimension, String> only, Dimension dimension, ObjectKind kind, @Nullable String nameOrId)
            throws SQLException {
        if (nameOrId != null) {
            only.put(dimension, usage.idOf(kind, nameOrId));
        }
    }

    private static UsageQuestion question(
            OffsetDateTime from,
            OffsetDateTime to,
            UsageInterval interval,
            @Nullable List<UsageDimension> groupBy,
            Map<Dimension, String> only) {
        Set<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
        if (groupBy == null || groupBy.isEmpty()) {
            dimensions = EnumSet.allOf(Dimension.class);
        } else {
            for (UsageDimension dimension : groupBy) {
                dimensions.add(Dimension.valueOf(dimension.name()));
            }
        }
        return new UsageQuestion(from.toInstant(), to.toInstant(), Interval.valueOf(interval.name()), dimensions, only);
    }

    private static UsageRow model(UsageLine line) {
        return new UsageRow()
                .intervalStart(line.intervalStart().atOffset(ZoneOffset.UTC))
                .consumerId(line.consumerId())
                .consumer(line.consumer())
                .billingId(line.billingId())
                .keyId(line.keyId())
                .key(line.key())
                .planId(line.planId())
                .plan(line.plan())
                .routeId(line.routeId())
                .route(line.route())
                .outcomeClass(line.outcomeClass() == null ? null : OutcomeClass.fromValue(line.outcomeClass()))
                .requests(line.requests())
                .requestBytes(line.requestBytes())
                .responseBytes(line.responseBytes());
    }

    private static UsageTotals model(UsageSums sums) {
        return new UsageTotals()
                .requests(sums.requests())
                .requestBytes(sums.requestBytes())
                .responseBytes(sums.responseBytes())
                .unmeteredRequests(sums.unmeteredRequests());
    }
}
