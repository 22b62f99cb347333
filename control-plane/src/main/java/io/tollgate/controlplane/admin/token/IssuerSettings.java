package io.tollgate.controlplane.admin.token;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whose tokens are believed. Immutable. */
@ApplicationScoped
public class IssuerSettings {
    private final Optional<String> issuer;
    private final Optional<String> jwksUrl;
    private final String rolesClaim;
    private final Path home;

    IssuerSettings(
            @ConfigProperty(name = "tollgate.issuer") Optional<String> issuer,
            @ConfigProperty(name = "tollgate.jwks-url") Optional<String> jwksUrl,
            @ConfigProperty(name = "tollgate.roles-claim", defaultValue = "roles") String rolesClaim,
            @ConfigProperty(name = "tollgate.home", defaultValue = "var") String home) {
        if (issuer.isPresent() != jwksUrl.isPresent()) {
            throw new IllegalStateException(
                    "TOLLGATE_ISSUER and TOLLGATE_JWKS_URL belong together (expected: both or none)");
        }
        this.issuer = issuer;
        this.jwksUrl = jwksUrl;
        this.rolesClaim = rolesClaim;
        this.home = Path.of(home);
    }

    /** Whether tokens come from elsewhere; then those of the own issuer are not believed. */
    boolean isExternal() {
        return issuer.isPresent();
    }

    String externalIssuer() {
        return issuer.orElseThrow();
    }

    String jwksUrl() {
        return jwksUrl.orElseThrow();
    }

    /** Path of the claim that lists the roles, members separated by {@code /}. */
    String rolesClaim() {
        return rolesClaim;
    }

    Path home() {
        return home;
    }
}
