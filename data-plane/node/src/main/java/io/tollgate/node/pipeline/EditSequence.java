package io.tollgate.node.pipeline;

import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.action.ForwardRules;
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
    private final ForwardRules rules;

    EditSequence(List<Edit> edits, List<String> hiddenParameters, ForwardRules rules) {
        this.edits = edits.toArray(new Edit[0]);
        this.rules = rules;
        this.hiddenParameters = hiddenParameters;
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
        String visible = visibleQuery(exchange.query());
        return rules.query().isEmpty() ? visible : QueryText.edited(visible, rules.query(), exchange.facts());
    }

    @Override
    public String visibleQuery(String query) {
        return query.isEmpty() || hiddenParameters.isEmpty() ? query : QueryText.without(query, hiddenParameters);
    }
}
