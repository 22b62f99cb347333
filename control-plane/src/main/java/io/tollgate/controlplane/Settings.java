package io.tollgate.controlplane;

import org.jspecify.annotations.Nullable;

/**
 * Hands the environment to Quarkus as system properties, the one place where the two kinds of names meet. Main thread only.
 */
final class Settings {
    private Settings() {}

    static void apply(Environment environment, DatabaseAddress database, Main.Secrets secrets) {
        set("quarkus.http.host", environment.adminHost());
        set("quarkus.http.port", Integer.toString(environment.adminPort()));
        set("quarkus.datasource.jdbc.url", database.jdbcUrl());
        set("quarkus.datasource.username", database.user());
        set("quarkus.datasource.password", database.password());
        set("tollgate.home", environment.home().toString());
        set("tollgate.stream.host", environment.streamHost());
        set("tollgate.stream.port", Integer.toString(environment.streamPort()));
        set("tollgate.stream.security", environment.stream().mode().word());
        set(
                "tollgate.stream.certificate-seconds",
                Integer.toString(environment.stream().certificateSeconds()));
        if (!environment.stream().names().isEmpty()) {
            set("tollgate.stream.names", String.join(",", environment.stream().names()));
        }
        set("tollgate.join-token", secrets.joinToken().orElse(null));
        set("tollgate.envelope-key", secrets.envelopeKey());
        environment.streamTls().ifPresent(tls -> {
            set("tollgate.stream.certificate", tls.certificate().toString());
            set("tollgate.stream.key", tls.key().toString());
            if (tls.trust() != null) {
                set("tollgate.stream.trust", tls.trust().toString());
            }
        });
        environment.issuer().ifPresent(issuer -> {
            set("tollgate.issuer", issuer.issuer());
            set("tollgate.jwks-url", issuer.jwksUrl());
            set("tollgate.roles-claim", issuer.rolesClaim());
        });
    }

    private static void set(String name, @Nullable String value) {
        if (value != null) {
            System.setProperty(name, value);
        }
    }
}
