package io.tollgate.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private final Told call = new Told();

    private static Expression compile(String text) {
        try {
            return Expression.compile(text, pattern -> pattern.contains("bad") ? "a good pattern" : null);
        } catch (ExpressionFault e) {
            throw new AssertionError(text, e);
        }
    }

    private Expression.Answer test(String text) {
        return compile(text).test(call);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request.method == 'GET'",
                "request.scheme == 'https' && request.host.endsWith('.example.com')",
                "request.path.startsWith('/orders/')",
                "request.path.matches('^/orders/[0-9]+$')",
                "matches(request.path, '[0-9]')",
                "request.query['dry'] == '1' && !('wet' in request.query)",
                "request.client_address == '192.0.2.7'",
                "request.headers['x-tenant'] == 'z\u00fcrich'",
                "'x-tenant' in request.headers && !has(request.headers.absent)",
                "'staff' in consumer.groups && consumer.name == 'acme' && consumer.plan == 'gold'",
                "consumer.id != credential.id && credential.type == 'jwt'",
                "credential.scopes.exists(s, s.startsWith('orders.'))",
                "credential.scopes.all(s, size(s) < 20) && credential.scopes.exists_one(s, s == 'orders.read')",
                "token.claims.level >= 3 && token.claims.mail.endsWith('@example.com')",
                "has(token.claims.org) && token.claims.org.tenants.exists(t, t == 'blue')",
                "token.claims.nothing == null && token.claims.ratio > 0.4",
                "token.claims.verified",
                "request.time > timestamp('2026-01-01T00:00:00Z')",
                "request.time.getHours('Europe/Zurich') == 14",
                "request.path == '/orders/' + string(7)",
                "has(token.claims.absent) ? false : true"
            })
    void test_whatIsTrueOfTheCall_holds(String text) {
        call.epochMillis = Instant.parse("2026-07-10T12:30:00Z").toEpochMilli();
        call.headers.put("x-tenant", "z\u00fcrich");
        call.groups = List.of("partners", "staff");
        call.scopes = List.of("orders.read", "pets.read");
        call.claims.put("level", 3L);
        call.claims.put("ratio", 0.5);
        call.claims.put("verified", true);
        call.claims.put("nothing", null);
        call.claims.put("mail", "anna@example.com");
        call.claims.put("org", Map.of("tenants", List.of("red", "blue")));
        assertThat(test(text)).isEqualTo(Expression.Answer.HOLDS);
        assertThat(test("!(" + text + ")")).isEqualTo(Expression.Answer.HOLDS_NOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request.headers['absent'] == 'x'",
                "token.claims.level > 3",
                "token.claims.name",
                "int(request.path) > 0",
                "1 / size(consumer.groups) > 0",
                "token.claims.list[7] == 1"
            })
    void test_whatCannotBeSaid_fails(String text) {
        call.claims.put("name", "text");
        call.claims.put("list", List.of(1L));
        assertThat(test(text)).isEqualTo(Expression.Answer.FAILED);
    }

    @Test
    void test_longerThanALoopMayGo_fails() {
        String loop = "credential.scopes.exists(s, s == 'last')";
        call.scopes = IntStream.range(0, ExpressionCost.ROUNDS_MAX - 1)
                .mapToObj(Integer::toString)
                .toList();
        assertThat(test(loop)).isEqualTo(Expression.Answer.HOLDS_NOT);
        call.scopes = Collections.nCopies(ExpressionCost.ROUNDS_MAX + 1, "first");
        assertThat(test(loop)).isEqualTo(Expression.Answer.FAILED);
    }

    @Test
    void test_factsThatNobodyAsksFor_areNotMade() {
        assertThat(test("request.method == 'GET' || 'a' in request.headers")).isEqualTo(Expression.Answer.HOLDS);
        assertThat(call.headersAsked).isZero();
        test("request.method == 'PUT' || 'a' in request.headers");
        assertThat(call.headersAsked).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer.nme == 'a' | line 1, column 1: no such member (expected: consumer.id, consumer.name,",
                "callers.size() > 0 | line 1, column 1: undeclared reference to 'callers'",
                "request.method == | line 1, column 18: mismatched input",
                "request.method == 7 | line 1, column 16: found no matching overload for '_==_'",
                "request.path | line 1, column 8: expected type 'bool' but found 'string'",
                "request.path.matches(request.method) | line 1, column 29: a pattern that is not written down",
                "request.path.matches('bad') | line 1, column 22: a pattern that is none (expected: a good pattern)",
                "[1, 2].map(x, x * 2).size() > 1 | line 1, column 11: undeclared reference to 'map'",
                "credential.scopes.all(s, request.path.matches(s + 'a')) | line 1, column 49: a pattern that is not"
            })
    void compile_whatIsNoExpression_isRefusedWithThePlace(String text, String expected) {
        assertThatThrownBy(() -> Expression.compile(text, pattern -> pattern.equals("bad") ? "a good pattern" : null))
                .isInstanceOf(ExpressionFault.class)
                .message()
                .startsWith(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Loops in loops, and matches in loops or too many of them.
                "credential.scopes.all(a, consumer.groups.all(b, consumer.groups.all(c, a == b && b == c)))",
                "credential.scopes.all(a, request.path.matches('a'))",
                // Long texts in loops, put together, or both.
                "credential.scopes.all(a, request.path.contains(a))",
                "token.claims.a.all(a, a.mail.contains('x'))",
                "[request.path, request.path].all(a, a.contains('x'))",
                "(request.path + request.path + request.path + request.path + request.path + request.path + "
                        + "request.path + request.path + request.path + request.path + request.path + request.path + "
                        + "request.path + request.path) == 'a'",
                "credential.scopes.all(a, request.headers == request.query)",
                // A long program.
                "request.path.matches('[a-z]{200}')",
                "[1, 2].exists(x, x > 0) && "
                        + "(request.path.matches('[a-z]{20}') || request.path.matches('b[a-z]{20}') || request.path.matches('c[a-z]{20}') || "
                        + "request.path.matches('d[a-z]{20}') || request.path.matches('e[a-z]{20}') || request.path.matches('f[a-z]{20}') || "
                        + "request.path.matches('g[a-z]{20}') || request.path.matches('h[a-z]{20}') || request.path.matches('i[a-z]{20}') || "
                        + "request.path.matches('j[a-z]{20}'))"
            })
    void compile_whatCostsTooMuch_isRefused(String text) {
        assertThatThrownBy(() -> Expression.compile(text, pattern -> null))
                .isInstanceOf(ExpressionFault.class)
                .hasMessageContaining("steps (expected: at most 10000;");
    }

    @Test
    void test_textsThatAreTooLong_fail() {
        call.path = "/" + "a".repeat(ExpressionCost.MATCH_CHARACTERS_MAX - 1);
        assertThat(test("request.path.matches('b')")).isEqualTo(Expression.Answer.HOLDS_NOT);
        call.path += "a";
        assertThat(test("request.path.matches('b')")).isEqualTo(Expression.Answer.FAILED);
        assertThat(test("request.path.contains('b')")).isEqualTo(Expression.Answer.HOLDS_NOT);
        call.path = "a".repeat(ExpressionVariables.TEXT_MAX + 1);
        assertThat(test("request.path.contains('a')")).isEqualTo(Expression.Answer.FAILED);
        assertThat(test("request.path == 'a'")).isEqualTo(Expression.Answer.FAILED);
        call.headers.put("long", "a".repeat(ExpressionVariables.TEXT_MAX + 1));
        call.headers.put("short", "a");
        assertThat(test("request.headers['long'] != 'a'")).isEqualTo(Expression.Answer.FAILED);
        assertThat(test("'long' in request.headers")).isEqualTo(Expression.Answer.FAILED);
        assertThat(test("request.headers['short'] == 'a' && !('other' in request.headers)"))
                .isEqualTo(Expression.Answer.HOLDS);
        assertThat(test("request.headers.exists(name, name == 'short')")).isEqualTo(Expression.Answer.HOLDS);
        call.claims.put("list", List.of("a".repeat(ExpressionVariables.ITEM_MAX + 1)));
        call.claims.put("sub", "anna");
        assertThat(test("token.claims.list.exists(one, one == 'a')")).isEqualTo(Expression.Answer.FAILED);
        assertThat(test("token.claims.sub == 'anna'")).isEqualTo(Expression.Answer.HOLDS);
        call.groups = Collections.nCopies(ExpressionVariables.ITEMS_MAX, "staff");
        assertThat(test("'partners' in consumer.groups")).isEqualTo(Expression.Answer.HOLDS_NOT);
        call.groups = Collections.nCopies(ExpressionVariables.ITEMS_MAX + 1, "staff");
        assertThat(test("'partners' in consumer.groups")).isEqualTo(Expression.Answer.FAILED);
    }

    @ParameterizedTest
    @CsvSource(value = {"abc,true", "ab,false", "'',false", "xabcx,true", "ababc,true", "aabaac,false"})
    void test_contains_isAsTheLanguageHasIt(String text, boolean contained) {
        call.headers.put("text", text);
        assertThat(test("request.headers.text.contains('abc')") == Expression.Answer.HOLDS)
                .isEqualTo(contained);
        assertThat(test("request.headers.text.contains('')")).isEqualTo(Expression.Answer.HOLDS);
        assertThat(test("request.headers.text.contains(request.headers.text)")).isEqualTo(Expression.Answer.HOLDS);
    }

    @Test
    void steps_growWithWhatIsLookedAt() {
        long one = compile("request.path.matches('^/a')").steps();
        assertThat(compile("request.path.matches('^/(a|b)+[0-9]{20}')").steps()).isGreaterThan(2 * one);
        assertThat(compile("request.path.contains(request.host)").steps())
                .isGreaterThan(2 * ExpressionVariables.TEXT_MAX / ExpressionTexts.CHARACTERS_PER_STEP);
        assertThat(compile("request.path.startsWith('/a')").steps()).isLessThan(10);
        assertThat(compile("request.time > timestamp('2026-01-01T00:00:00Z')").namesTime())
                .isTrue();
        assertThat(compile("request . time.getHours() > 7").namesTime()).isTrue();
        assertThat(compile("request.path == 'request.time'").namesTime()).isFalse();
    }

    /** What takes longest of what is let through: texts as long as they may be, looked through as often as they may be. */
    @Test
    void test_worstThatIsLetThrough_endsSoon() {
        call.path = "a".repeat(ExpressionVariables.TEXT_MAX);
        call.scopes =
                Collections.nCopies(ExpressionCost.ROUNDS_MAX, "a".repeat(ExpressionVariables.ITEM_MAX - 1) + "b");
        call.headers.put("needle", "a".repeat(ExpressionVariables.TEXT_MAX / 2) + "b");
        List<String> worst = List.of(
                "credential.scopes.exists(s, s.contains('aac') || s.contains('aad') || s.contains('aae'))",
                "request.path.contains(request.headers.needle) || request.path.contains(request.headers.needle + 'c')");
        for (String text : worst) {
            Expression expression = compile(text);
            assertThat(expression.steps()).isLessThanOrEqualTo(ExpressionCost.STEPS_MAX);
            long nanos = Long.MAX_VALUE;
            for (int i = 0; i < 50; i++) {
                long begun = System.nanoTime();
                assertThat(expression.test(call)).isEqualTo(Expression.Answer.HOLDS_NOT);
                nanos = Math.min(nanos, System.nanoTime() - begun);
            }
            assertThat(nanos).as(text).isLessThan(20_000_000);
        }
    }

    @Test
    void compile_tooLongOrTooDeep_isRefused() {
        String tooLong = "request.path == '" + "a".repeat(Expression.CHARACTERS_MAX) + "'";
        assertThatThrownBy(() -> Expression.compile(tooLong, pattern -> null))
                .hasMessage(
                        "line 1, column 1: " + tooLong.length() + " characters (expected: an expression of 1 to 2048)");
        String tooDeep = "(".repeat(500) + "true" + ")".repeat(500);
        assertThatThrownBy(() -> Expression.compile(tooDeep, pattern -> null))
                .isInstanceOf(ExpressionFault.class)
                .hasMessageContaining("recursion");
    }

    @Test
    void equals_sameText_same() {
        assertThat(compile("true")).isEqualTo(compile("true")).hasSameHashCodeAs(compile("true"));
        assertThat(compile("true")).isNotEqualTo(compile("false"));
    }
}
