package io.tollgate.engine.explain;

import io.tollgate.engine.access.AccessFacts;
import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.expression.ExpressionFacts;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What rules may ask of a described call. Confined to the question. */
final class DescribedCaller implements AccessFacts {
    private static final byte[] UNKNOWN = {};

    private final DescribedRequest request;
    private final DescribedCredential shown;
    private final @Nullable Consumer consumer;
    private final @Nullable Plan plan;
    private final DescribedCall call = new DescribedCall(this);

    DescribedCaller(
            DescribedRequest request, DescribedCredential shown, @Nullable Consumer consumer, @Nullable Plan plan) {
        this.request = request;
        this.shown = shown;
        this.consumer = consumer;
        this.plan = plan;
    }

    DescribedRequest request() {
        return request;
    }

    DescribedCredential shown() {
        return shown;
    }

    @Nullable
    Consumer consumer() {
        return consumer;
    }

    @Nullable
    Plan plan() {
        return plan;
    }

    /** Names of what expressions have asked for and is not known of a described call. */
    Set<String> unknown() {
        return call.unknown();
    }

    private ExplainQuestion question() {
        return request.question();
    }

    @Override
    public String method() {
        return question().method();
    }

    @Override
    public String consumerId() {
        return consumer == null ? "" : consumer.id();
    }

    @Override
    public List<String> groups() {
        return consumer == null ? List.of() : consumer.groups();
    }

    @Override
    public boolean hasScope(String scope) {
        return scopes().contains(scope);
    }

    /** Of the credential that is shown; else those that the question names. */
    Set<String> scopes() {
        return shown.credential() == null
                ? question().caller().scopes()
                : Set.copyOf(shown.scopes().list());
    }

    @Override
    public byte[] clientAddressBytes() {
        byte[] address = IpAddress.parse(question().caller().address());
        return address == null ? UNKNOWN : address;
    }

    @Override
    public long epochMillis() {
        return question().nowMillis();
    }

    @Override
    public ExpressionFacts expressionFacts() {
        return call;
    }
}
