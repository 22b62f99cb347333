package io.tollgate.controlplane.admin;

import io.tollgate.engine.fixture.TestAuthority;

/** Members of JSON that make a certificate and a trust root; without a percent sign, so that they may stand in formats. */
public final class Certificates {
    private static final TestAuthority AUTHORITY = TestAuthority.root("nouns");
    private static final TestAuthority.Issued ISSUED = AUTHORITY.ecdsaFor("nouns.example.com");

    public static final String CERTIFICATE = "\"certificate_chain\": \"" + json(ISSUED.chainPem())
            + "\", \"private_key\": \"" + json(ISSUED.keyPem()) + "\"";
    public static final String TRUST_ROOT = "\"certificates\": \"" + json(AUTHORITY.certificatePem()) + "\"";

    private Certificates() {}

    private static String json(String pem) {
        return pem.replace("\n", "\\n");
    }
}
