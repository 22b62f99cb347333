package io.tollgate.engine.access;

import io.tollgate.engine.expression.ExpressionFacts;
import java.util.List;

/** What rules may ask of a call. As confined as the call is. */
public interface AccessFacts {
    /** Upper case. */
    String method();

    /** Id of the consumer that calls; empty for an anonymous caller. */
    String consumerId();

    /** The groups that the consumer is in; none for an anonymous caller. */
    List<String> groups();

    /** Whether the caller may do this in this call. */
    boolean hasScope(String scope);

    /** 4 or 16 bytes, not to be written to; empty when it is not known. */
    byte[] clientAddressBytes();

    /** When, in milliseconds since the Unix epoch. */
    long epochMillis();

    /** What expressions may ask; made when it is asked for. */
    ExpressionFacts expressionFacts();
}
