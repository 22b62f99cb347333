package io.tollgate.controlplane.admin;

import static org.hamcrest.MatcherAssert.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks plain paths ({@code errors[0].pointer}, {@code items.name}) up in an answer by itself. REST Assured compiles a script for each, each
 * time, which is most of what a test of one call costs. Other paths, and all else, stay REST Assured's. One thread.
 */
final class PlainPaths implements InvocationHandler {
    private static final Pattern PATH = Pattern.compile("[A-Za-z_]\\w*(\\[\\d+])?(\\.[A-Za-z_]\\w*(\\[\\d+])?)*");
    private static final Pattern STEP = Pattern.compile("(\\w+)(?:\\[(\\d+)])?");

    /** Words of scripts that look like members. */
    private static final Set<String> PROPERTIES = Set.of("class", "empty");

    /** In which an answer shows itself. */
    private static final List<Class<?>> FACES =
            List.of(Response.class, ValidatableResponse.class, ExtractableResponse.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Object answer;
    private final Body body;

    private PlainPaths(Object answer, Body body) {
        this.answer = answer;
        this.body = body;
    }

    /** The same answer. */
    static Response of(Response answer) {
        return (Response) wrapped(answer, new Body(answer));
    }

    private static Object wrapped(Object answer, Body body) {
        Class<?>[] faces =
                FACES.stream().filter(face -> face.isInstance(answer)).toArray(Class<?>[]::new);
        return Proxy.newProxyInstance(PlainPaths.class.getClassLoader(), faces, new PlainPaths(answer, body));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        if (arguments.length > 0 && arguments[0] instanceof String path && isPlain(path) && body.isJson()) {
            if (method.getName().equals("path") && isEmpty(arguments, 1)) {
                return body.at(path);
            }
            if (method.getName().equals("body")
                    && arguments.length > 1
                    && arguments[1] instanceof org.hamcrest.Matcher<?> matcher
                    && isEmpty(arguments, 2)) {
                check(path, matcher);
                return self;
            }
        }
        try {
            return rewrapped(self, method.invoke(answer, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private @Nullable Object rewrapped(Object self, @Nullable Object result) {
        if (result == null || result == answer) {
            return result == null ? null : self;
        }
        return FACES.stream().anyMatch(face -> face.isInstance(result)) ? wrapped(result, body) : result;
    }

    @SuppressWarnings("unchecked")
    private void check(String path, org.hamcrest.Matcher<?> matcher) {
        assertThat("member " + path + " of " + body.text, body.at(path), (org.hamcrest.Matcher<Object>) matcher);
    }

    /** Whether the rest of the arguments is an empty list of more. */
    private static boolean isEmpty(Object[] arguments, int from) {
        return arguments.length == from
                || (arguments.length == from + 1 && arguments[from] instanceof Object[] more && more.length == 0);
    }

    private static boolean isPlain(String path) {
        return PATH.matcher(path).matches()
                && List.of(path.split("\\.", -1)).stream().noneMatch(PROPERTIES::contains);
    }

    /** The body of one answer, read when first asked for. */
    private static final class Body {
        private final Response answer;
        private @Nullable Object tree;
        private boolean read;
        private String text = "";

        Body(Response answer) {
            this.answer = answer;
        }

        boolean isJson() {
            if (!read) {
                read = true;
                text = answer.asString();
                try {
                    tree = JSON.readValue(text, Object.class);
                } catch (JsonProcessingException e) {
                    tree = null;
                }
            }
            return tree != null;
        }

        @Nullable
        Object at(String path) {
            Object value = tree;
            for (String word : path.split("\\.", -1)) {
                Matcher step = STEP.matcher(word);
                if (!step.matches()) {
                    throw new IllegalArgumentException(path);
                }
                value = member(value, step.group(1));
                if (step.group(2) != null && value != null) {
                    if (!(value instanceof List<?> list)) {
                        throw new AssertionError(word + " of " + path + " is no list in " + text);
                    }
                    int index = Integer.parseInt(step.group(2));
                    value = index < list.size() ? list.get(index) : null;
                }
            }
            return value;
        }

        /** Of a list the member of each. */
        private static @Nullable Object member(@Nullable Object value, String name) {
            if (value instanceof List<?> list) {
                return list.stream().map(one -> member(one, name)).toList();
            }
            return value instanceof Map<?, ?> map ? map.get(name) : null;
        }
    }
}
