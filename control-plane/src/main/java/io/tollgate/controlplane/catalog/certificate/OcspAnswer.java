package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.engine.tls.TlsFault;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.jspecify.annotations.Nullable;

/**
 * An authority's word that a certificate is not revoked (RFC 6960). The bytes are not to be changed. Immutable.
 *
 * @param der as it is sent
 * @param nextUpdate when it is stale; absent: it does not say
 */
record OcspAnswer(byte[] der, @Nullable Instant nextUpdate) {
    private static final String EXPECTED = "a successful OCSP response (RFC 6960) that says the certificate is good";

    static OcspAnswer parse(String base64, X509Certificate certificate) throws TlsFault {
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            OCSPResp response = new OCSPResp(der);
            if (response.getStatus() == OCSPResp.SUCCESSFUL
                    && response.getResponseObject() instanceof BasicOCSPResp basic) {
                for (SingleResp single : basic.getResponses()) {
                    if (single.getCertID().getSerialNumber().equals(certificate.getSerialNumber())) {
                        return of(der, single);
                    }
                }
                throw new TlsFault("a response for another certificate", EXPECTED);
            }
            throw new TlsFault("a response of status " + response.getStatus(), EXPECTED);
        } catch (IOException | OCSPException | IllegalArgumentException e) {
            throw new TlsFault("bytes that are no response", EXPECTED);
        }
    }

    private static OcspAnswer of(byte[] der, SingleResp single) throws TlsFault {
        // The library's word for good is null.
        if (single.getCertStatus() != null) {
            throw new TlsFault("a response that does not say good", EXPECTED);
        }
        Date nextUpdate = single.getNextUpdate();
        return new OcspAnswer(der, nextUpdate == null ? null : nextUpdate.toInstant());
    }
}
