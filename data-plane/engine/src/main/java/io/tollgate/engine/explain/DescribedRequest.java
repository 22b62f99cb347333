package io.tollgate.engine.explain;

import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.QueryString;
import io.tollgate.engine.route.RouteRequest;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A described request, brought into the form in which a node has a real one. Immutable.
 *
 * @param question as asked
 * @param host read as a node reads the Host field
 * @param path normalised
 * @param query without question mark
 */
record DescribedRequest(ExplainQuestion question, String host, String path, String query) implements RouteRequest {
    @Override
    public String method() {
        return question.method();
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        StringJoiner values = new StringJoiner(", ");
        boolean present = false;
        for (ExplainQuestion.Header header : question.headers()) {
            if (header.name().equalsIgnoreCase(lowerCaseName)) {
                values.add(OctetText.of(header.value().strip()));
                present = true;
            }
        }
        if (!present && lowerCaseName.equals("host") && !question.host().isEmpty()) {
            return question.host();
        }
        return present ? values.toString() : null;
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return QueryString.valueOf(query, name);
    }
}
