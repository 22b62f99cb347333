package io.tollgate.node.pipeline;

import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.policy.CredentialPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.filter.Edit;
import io.tollgate.node.filter.QueryText;
import java.util.List;

/** The edits of one route, in their order. Immutable. */
final class EditSequence implements HeadRewrite {
    private final Edit[] edits;
    private final List<String> hiddenParameters;
    private final List<String> droppedParameters;
    private final ForwardRules rules;

    /** @param credentials where what proves a caller may be */
    EditSequence(List<Edit> edits, List<CredentialPolicy> credentials, ForwardRules rules) {
        this.edits = edits.toArray(new Edit[0]);
        this.rules = rules;
        this.hiddenParameters = credentials.stream()
                .flatMap(policy -> policy.secretParameters().stream())
                .toList();
        this.droppedParameters = credentials.stream()
                .filter(policy -> !policy.keepsSecrets())
                .flatMap(policy -> policy.secretParameters().stream())
                .toList();
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        for (Edit edit : edits) {
            if (edit.drops(name, exchange)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean hides(CharSequence name, Exchange exchange) {
        for (Edit edit : edits) {
            if (edit.hides(name, exchange)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        for (Edit edit : edits) {
            edit.append(sink, exchange);
        }
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        for (Edit edit : edits) {
            if (edit.reserves(name, exchange)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public FieldEdits requestEdits() {
        return rules.requestHeaders();
    }

    @Override
    public FieldEdits responseEdits() {
        return rules.responseHeaders();
    }

    @Override
    public boolean hidesParameter(String name) {
        return hiddenParameters.contains(name);
    }

    @Override
    public String query(Exchange exchange) {
        String passed = without(exchange.query(), droppedParameters);
        return rules.query().isEmpty() ? passed : QueryText.edited(passed, rules.query(), exchange.facts());
    }

    @Override
    public String visibleQuery(String query) {
        return without(query, hiddenParameters);
    }

    private static String without(String query, List<String> names) {
        return query.isEmpty() || names.isEmpty() ? query : QueryText.without(query, names);
    }
}
