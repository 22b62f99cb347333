package io.tollgate.controlplane.admin.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The one claim of a foreign token that lists the caller's roles. No other claim does: what an issuer says elsewhere under a usual name
 * was not said to us. Immutable.
 *
 * @param members the way to the claim, from the outside in
 */
record RolesClaim(List<String> members) {
    /** A slash that stands in no pair of quotes. */
    private static final Pattern SEPARATOR = Pattern.compile("/(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private static final Pattern SPACES = Pattern.compile(" +");

    RolesClaim {
        members = List.copyOf(members);
    }

    /** A path of names separated by {@code /}; a name that holds slashes itself stands in double quotes. */
    static RolesClaim parse(String path) {
        return new RolesClaim(SEPARATOR
                .splitAsStream(path)
                .map(name -> name.replace("\"", ""))
                .toList());
    }

    /** The roles that these claims list, as a list of texts or as one text with spaces between them. */
    Set<String> of(JsonNode claims) {
        JsonNode claim = claims;
        for (String member : members) {
            claim = claim.path(member);
        }
        Set<String> roles = new HashSet<>();
        if (claim.isTextual()) {
            roles.addAll(List.of(SPACES.split(claim.textValue().strip())));
        }
        for (JsonNode role : claim) {
            if (claim.isArray() && role.isTextual()) {
                roles.add(role.textValue());
            }
        }
        return roles;
    }
}
