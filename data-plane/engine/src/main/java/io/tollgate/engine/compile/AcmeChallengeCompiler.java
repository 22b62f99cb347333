package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** ACME challenges: what is answered to whoever asks for a token (RFC 8555, 8.3). Compile thread only. */
final class AcmeChallengeCompiler {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,128}");
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

    void check(AcmeChallenge challenge, ObjectProblems problems) {
        NameText.check(challenge.getName(), problems);
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

    /** Key authorizations by token; a second challenge of one token is a problem of the one with the later name. */
    Map<String, String> compile(WireConfiguration wire, ProblemList list) {
        List<WireObject> objects = new ArrayList<>();
        for (String id : wire.ids(ObjectKind.OBJECT_KIND_ACME_CHALLENGE)) {
            objects.add(wire.read(new ObjectKey(ObjectKind.OBJECT_KIND_ACME_CHALLENGE, id)));
        }
        objects.sort((one, other) -> one.name().compareTo(other.name()));
        Map<String, String> answers = new HashMap<>();
        for (WireObject object : objects) {
            AcmeChallenge challenge = (AcmeChallenge) object.message();
            if (answers.putIfAbsent(challenge.getToken(), challenge.getKeyAuthorization()) != null) {
                new ObjectProblems(list, object).add("/token", "a second " + challenge.getToken(), "each token once");
            }
        }
        return Map.copyOf(answers);
    }
}
