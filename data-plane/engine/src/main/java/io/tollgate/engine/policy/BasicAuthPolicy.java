package io.tollgate.engine.policy;

import java.util.List;

/**
 * That a user name and a password prove a caller (RFC 7617). Immutable.
 *
 * @param realm what people are told that the password is for
 * @param keepCredentials whether the upstream gets them, too
 * @param anonymousAllowed a call without any passes; a wrong password is refused all the same
 */
public record BasicAuthPolicy(String realm, boolean keepCredentials, boolean anonymousAllowed)
        implements CredentialPolicy {
    private static final List<String> HEADERS = List.of("authorization");

    @Override
    public List<String> secretHeaders() {
        return HEADERS;
    }

    @Override
    public List<String> secretParameters() {
        return List.of();
    }

    @Override
    public boolean keepsSecrets() {
        return keepCredentials;
    }
}
