package io.tollgate.engine.expression;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions may ask of a call. As confined as the call is; each fact is made when it is asked for, and not before.
 *
 * <p>Texts are as people write them, not octets. What is not known is empty.
 */
public interface ExpressionFacts {
    /** Upper case. */
    String method();

    /** {@code http} or {@code https}. */
    String scheme();

    /** Lower case, without port. */
    String host();

    /** Normalised, without query. */
    String path();

    /** Values by lower-case name; several of one name are joined by ", ". */
    Map<String, String> headers();

    /** Decoded values by name; of several of one name the first. */
    Map<String, String> queryParameters();

    /** From where the call comes, as text. */
    String clientAddress();

    /** When, in milliseconds since the Unix epoch. */
    long epochMillis();

    /** Empty for an anonymous caller. */
    String consumerId();

    /** Empty for an anonymous caller. */
    String consumerName();

    /** The groups that the consumer is in. */
    List<String> groups();

    /** Name of the plan under which the call goes. */
    String planName();

    /** Empty where somebody else's word tells the consumer by name. */
    String credentialId();

    /** What kind of thing proved the caller, for example {@code key}. */
    String credentialType();

    /** What the caller may do in this call. */
    List<String> scopes();

    /** What the caller's token claims, as JSON has it: String, Long, Double, Boolean, List, Map and null. */
    Map<String, @Nullable Object> claims();
}
