package io.tollgate.engine.quota;

import org.jspecify.annotations.Nullable;

/** What limits may count a call by. As confined as the call is. */
public interface SubjectFacts {
    /** Id of the consumer that calls; empty for an anonymous caller. */
    String consumerId();

    /** Id of the credential that it calls with; empty for an anonymous caller, and where the credential has none. */
    String credentialId();

    /** Id of the plan under which it calls; empty when there is none. */
    String planId();

    /** Id of the route that it calls. */
    String routeId();

    /** 4 or 16 bytes, not to be written to; empty when it is not known. */
    byte[] clientAddressBytes();

    /** The first value of a field of the request; null when there is none. */
    @Nullable
    String requestHeader(String lowerCaseName);
}
