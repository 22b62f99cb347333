package io.tollgate.controlplane.admin;

import io.tollgate.admin.model.ExplainCandidate;
import io.tollgate.admin.model.ExplainPolicy;
import io.tollgate.admin.model.ExplainRequest;
import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explanation;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Described requests and what the nodes' own matcher says to them, as the contract has them. Immutable functions. */
final class ExplainModels {
    private ExplainModels() {}

    static ExplainQuestion question(ExplainRequest body, long nowMillis) {
        return new ExplainQuestion(
                body.getMethod(),
                body.getHost(),
                body.getPath(),
                body.getHeaders().stream()
                        .map(field -> new ExplainQuestion.Header(
                                field.getName(), field.getValue() == null ? "" : field.getValue()))
                        .toList(),
                new ExplainQuestion.Caller(
                        body.getConsumer() == null ? "" : body.getConsumer(),
                        Set.copyOf(body.getScopes()),
                        body.getClientAddress()),
                nowMillis);
    }

    static io.tollgate.admin.model.Explanation of(Explanation said) {
        List<ExplainCandidate> candidates = said.candidates().stream()
                .map(one -> new ExplainCandidate()
                        .route(one.route())
                        .matches(one.matches())
                        .failed(text(one.failed())))
                .toList();
        List<ExplainPolicy> policies = said.policies().stream()
                .map(one -> new ExplainPolicy()
                        .type(one.type())
                        .from(one.from())
                        .name(text(one.name()))
                        .detail(text(one.detail())))
                .toList();
        return new io.tollgate.admin.model.Explanation()
                .revision(said.revision())
                .verdict(io.tollgate.admin.model.Explanation.VerdictEnum.fromValue(
                        said.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-')))
                .path(text(said.path()))
                .route(text(said.route()))
                .pattern(text(said.pattern()))
                .parameters(said.parameters())
                .candidates(candidates)
                .action(text(said.action()))
                .policies(policies)
                .limits(said.limits())
                .upstream(text(said.upstream()))
                .admission(text(said.admission()));
    }

    /** The contract leaves out what there is not to say. */
    private static @Nullable String text(String said) {
        return said.isEmpty() ? null : said;
    }
}
