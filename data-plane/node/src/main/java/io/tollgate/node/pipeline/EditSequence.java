package io.tollgate.node.pipeline;

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

    EditSequence(List<Edit> edits, List<String> hiddenParameters) {
        this.edits = edits.toArray(new Edit[0]);
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
    public String query(String query) {
        return query.isEmpty() || hiddenParameters.isEmpty() ? query : QueryText.without(query, hiddenParameters);
    }
}
