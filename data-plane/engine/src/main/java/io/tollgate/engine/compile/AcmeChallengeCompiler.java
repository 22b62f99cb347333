package io.tollgate.engine.compile;

import io.tollgate.engine.tls.AcmeAnswers;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.OcspStaple;
import io.tollgate.engine.tls.TlsFault;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.AcmeChallengeType;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** ACME challenges: what servers get that ask for a token (RFC 8555, 8.3) or for a certificate (RFC 8737). Compile thread only. */
final class AcmeChallengeCompiler {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,128}");
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]{1,63}([.][a-z0-9-]{1,63})*");

    void check(AcmeChallenge challenge, ObjectProblems problems) {
        NameText.check(challenge.getName(), problems);
        switch (challenge.getType()) {
            case ACME_CHALLENGE_TYPE_UNSPECIFIED -> checkToken(challenge, problems);
            case ACME_CHALLENGE_TYPE_TLS_ALPN_01 -> checkCertificate(challenge, problems);
            default -> problems.add("/type", challenge.getTypeValue(), "http-01 or tls-alpn-01");
        }
    }

    private static void checkToken(AcmeChallenge challenge, ObjectProblems problems) {
        String token = challenge.getToken();
        if (!TOKEN.matcher(token).matches()) {
            problems.add("/token", token, "22 to 128 characters of base64url");
        }
        String authorization = challenge.getKeyAuthorization();
        if (!authorization.startsWith(token + ".")
                || !THUMBPRINT
                        .matcher(authorization.substring(token.length() + 1))
                        .matches()) {
            problems.add(
                    "/key_authorization",
                    authorization,
                    "the token, a dot and a thumbprint of 43 characters of base64url");
        }
    }

    private static void checkCertificate(AcmeChallenge challenge, ObjectProblems problems) {
        if (!DOMAIN.matcher(challenge.getDomain()).matches()) {
            problems.add("/domain", challenge.getDomain(), "a name of a host in lower case");
        }
        try {
            certificate(challenge);
        } catch (TlsFault fault) {
            problems.add("/certificate", fault.value(), fault.expected());
        }
    }

    private static Certificate certificate(AcmeChallenge challenge) throws TlsFault {
        return Certificate.of(
                challenge.getId(),
                challenge.getName(),
                CertificateChain.parseDer(challenge.getCertificate().toByteArray()),
                challenge.getPrivateKey().toByteArray(),
                OcspStaple.NONE);
    }

    /** What each challenge has answered; a second one of a token or a domain is a problem of the one with the later name. */
    AcmeAnswers compile(WireConfiguration wire, ProblemList list) {
        List<WireObject> objects = new ArrayList<>();
        for (String id : wire.ids(ObjectKind.OBJECT_KIND_ACME_CHALLENGE)) {
            objects.add(wire.read(new ObjectKey(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, id)));
        }
        objects.sort((one, other) -> one.name().compareTo(other.name()));
        Map<String, String> authorizations = new HashMap<>();
        Map<String, Certificate> certificates = new HashMap<>();
        for (WireObject object : objects) {
            AcmeChallenge challenge = (AcmeChallenge) object.message();
            ObjectProblems problems = new ObjectProblems(list, object);
            if (challenge.getType() == AcmeChallengeType.ACME_CHALLENGE_TYPE_TLS_ALPN_01) {
                if (certificates.putIfAbsent(challenge.getDomain(), checked(challenge)) != null) {
                    problems.add("/domain", "a second " + challenge.getDomain(), "each domain once");
                }
            } else if (authorizations.putIfAbsent(challenge.getToken(), challenge.getKeyAuthorization()) != null) {
                problems.add("/token", "a second " + challenge.getToken(), "each token once");
            }
        }
        return new AcmeAnswers(authorizations, certificates);
    }

    private static Certificate checked(AcmeChallenge challenge) {
        try {
            return certificate(challenge);
        } catch (TlsFault fault) {
            throw new IllegalStateException("ACME challenge " + challenge.getId() + " was checked", fault);
        }
    }
}
