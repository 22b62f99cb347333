package io.tollgate.engine.signature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request of the tests; the one of RFC 9421, appendix B.2, where nothing else is said. */
record Sent(String method, String scheme, String authority, String target, Map<String, List<String>> fieldsByName)
        implements SignedMessage {
    static Sent request() {
        return new Sent("POST", "https", "example.com", "/foo?param=Value&Pet=dog", Map.of())
                .with("host", "example.com")
                .with("date", "Tue, 20 Apr 2021 02:07:55 GMT")
                .with("content-type", "application/json")
                .with(
                        "content-digest",
                        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:")
                .with("content-length", "18");
    }

    Sent with(String name, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(fieldsByName);
        List<String> values = new ArrayList<>(all.getOrDefault(name, List.of()));
        values.add(value);
        all.put(name, List.copyOf(values));
        return new Sent(method, scheme, authority, target, all);
    }

    Sent without(String name) {
        Map<String, List<String>> all = new LinkedHashMap<>(fieldsByName);
        all.remove(name);
        return new Sent(method, scheme, authority, target, all);
    }

    Sent to(String otherTarget) {
        return new Sent(method, scheme, authority, otherTarget, fieldsByName);
    }

    Sent as(String otherMethod) {
        return new Sent(otherMethod, scheme, authority, target, fieldsByName);
    }

    Sent at(String otherScheme, String otherAuthority) {
        return new Sent(method, otherScheme, otherAuthority, target, fieldsByName);
    }

    @Override
    public List<String> fields(String name) {
        return fieldsByName.getOrDefault(name, List.of());
    }
}
