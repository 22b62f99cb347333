package io.tollgate.node.pipeline;

import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.policy.KeyAuthPolicy;
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
    private final boolean keepsKey;
    private final ForwardRules rules;

    /** @param keys where a key may be */
    EditSequence(List<Edit> edits, KeyAuthPolicy keys, ForwardRules rules) {
        this.edits = edits.toArray(new Edit[0]);
        this.rules = rules;
        this.hiddenParameters = keys.queryParameters();
        this.keepsKey = keys.keepKey();
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
        String passed = keepsKey ? exchange.query() : visibleQuery(exchange.query());
        return rules.query().isEmpty() ? passed : QueryText.edited(passed, rules.query(), exchange.facts());
    }

    @Override
    public String visibleQuery(String query) {
        return query.isEmpty() || hiddenParameters.isEmpty() ? query : QueryText.without(query, hiddenParameters);
    }
}
