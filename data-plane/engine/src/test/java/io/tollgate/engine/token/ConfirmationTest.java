package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
    /** The certificate of RFC 8705, appendix A; the thumbprint is the one that is told there. */
    private static final String THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

    private static final String HEX = "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd";

    private static Confirmation of(Object cnf) {
        return Confirmation.of(Map.of("cnf", cnf));
    }

    @Test
    void none_isMetByAnybody() {
        Confirmation none = Confirmation.of(Map.of("sub", "a"));
        assertThat(none.isMetBy(null)).isTrue();
        assertThat(none.isMetBy(HEX)).isTrue();
        assertThat(none.isOfCertificate()).isFalse();
    }

    @Test
    void thumbprint_isMetByItsCertificateOnly() {
        Confirmation bound = of(Map.of("x5t#S256", THUMBPRINT));
        assertThat(bound.isOfCertificate()).isTrue();
        assertThat(bound.isMetBy(HEX)).isTrue();
        assertThat(bound.isMetBy(HEX.replace('0', '1'))).isFalse();
        assertThat(bound.isMetBy("")).isFalse();
        assertThat(bound.isMetBy(null)).isFalse();
    }

    @Test
    void whatCannotBeChecked_isMetByNobody() {
        for (Object cnf : List.of(
                Map.of(),
                "x5t#S256",
                List.of(THUMBPRINT),
                Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
                Map.of("x5t#S256", THUMBPRINT, "jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
                Map.of("x5t#S256", 1L),
                Map.of("x5t#S256", ""),
                Map.of("x5t#S256", THUMBPRINT + "="),
                Map.of("x5t#S256", "AAAA"),
                Map.of("x5t", THUMBPRINT))) {
            Confirmation unknown = of(cnf);
            assertThat(unknown.isMetBy(HEX)).as("%s", cnf).isFalse();
            assertThat(unknown.isMetBy("")).as("%s", cnf).isFalse();
            assertThat(unknown.isMetBy(null)).as("%s", cnf).isFalse();
            assertThat(unknown.isOfCertificate()).isFalse();
        }
    }
}
