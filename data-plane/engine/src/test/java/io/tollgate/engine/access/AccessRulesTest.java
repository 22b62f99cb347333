package io.tollgate.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.address.Network;
import io.tollgate.engine.address.NetworkTrie;
import io.tollgate.engine.expression.Expression;
import io.tollgate.engine.expression.ExpressionFacts;
import io.tollgate.engine.expression.ExpressionFault;
import io.tollgate.engine.route.MethodSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static final AccessRule ALLOW = rule(true);
    private static final AccessRule DENY = rule(false);

    @Test
    void judge_noRules_everyCallPasses() {
        assertThat(judge(new Call("GET", "", List.of(), Set.of(), ""))).isEqualTo(AccessVerdict.UNRULED);
    }

    @Test
    void judge_severalHold_theFirstDecides() {
        AccessRule staff = groups(true, "staff", "admins");
        Call clerk = new Call("GET", "c1", List.of("clerks", "staff"), Set.of(), "");
        assertThat(judge(clerk, staff, DENY)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 0));
        assertThat(judge(clerk, DENY, staff)).isEqualTo(decided(AccessVerdict.Effect.DENIED, 0));
        assertThat(judge(clerk, groups(true, "admins"), staff)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 1));
    }

    @Test
    void judge_noneHolds_isDenied() {
        Call anonymous = new Call("GET", "", List.of(), Set.of(), "");
        assertThat(judge(anonymous, groups(true, "staff"))).isEqualTo(AccessVerdict.BY_DEFAULT);
        assertThat(judge(anonymous, groups(false, "staff"))).isEqualTo(AccessVerdict.BY_DEFAULT);
        assertThat(judge(anonymous, consumers("c1"))).isEqualTo(AccessVerdict.BY_DEFAULT);
    }

    @Test
    void judge_allThatARuleNames_mustHold() {
        AccessRule both = new AccessRule(
                true,
                MethodSet.of(List.of("GET")),
                Set.of("staff"),
                List.of(),
                List.of(),
                Set.of("c1"),
                networks("10.0.0.0/8"),
                TimeWindows.NONE,
                null);
        assertThat(isAllowed(new Call("GET", "c1", List.of("staff"), Set.of(), "10.1.1.1"), both))
                .isTrue();
        assertThat(isAllowed(new Call("PUT", "c1", List.of("staff"), Set.of(), "10.1.1.1"), both))
                .isFalse();
        assertThat(isAllowed(new Call("GET", "c2", List.of("staff"), Set.of(), "10.1.1.1"), both))
                .isFalse();
        assertThat(isAllowed(new Call("GET", "c1", List.of("other"), Set.of(), "10.1.1.1"), both))
                .isFalse();
        assertThat(isAllowed(new Call("GET", "c1", List.of("staff"), Set.of(), "11.1.1.1"), both))
                .isFalse();
        assertThat(isAllowed(new Call("GET", "c1", List.of("staff"), Set.of(), ""), both))
                .isFalse();
    }

    @Test
    void judge_onlyScopesLack_tellsWhichWouldDo() {
        AccessRule write = scopes(true, List.of("a", "b"), List.of("x", "y"));
        assertThat(judge(caller("a", "b", "y"), write)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 0));
        AccessVerdict missing = new AccessVerdict(AccessVerdict.Effect.SCOPE_MISSING, 0, "a b x");
        assertThat(judge(caller("a", "b"), write)).isEqualTo(missing);
        assertThat(judge(caller("a", "x"), write)).isEqualTo(missing);
        assertThat(judge(caller(), write, DENY)).isEqualTo(missing);
        assertThat(judge(caller(), write, ALLOW)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 1));
        assertThat(judge(caller("a"), DENY, write)).isEqualTo(decided(AccessVerdict.Effect.DENIED, 0));
    }

    @Test
    void judge_expression_holdsBesideAllElseThatTheRuleNames() {
        AccessRule read = said(true, List.of(), "request.method == 'GET'");
        assertThat(judge(caller(), read)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 0));
        assertThat(judge(new Call("PUT", "", List.of(), Set.of(), ""), read)).isEqualTo(AccessVerdict.BY_DEFAULT);
        AccessRule scoped = said(true, List.of("a"), "request.method == 'GET'");
        assertThat(judge(caller("a"), scoped)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 0));
        assertThat(judge(caller(), scoped)).isEqualTo(new AccessVerdict(AccessVerdict.Effect.SCOPE_MISSING, 0, "a"));
        assertThat(judge(new Call("PUT", "", List.of(), Set.of(), ""), scoped)).isEqualTo(AccessVerdict.BY_DEFAULT);
    }

    @Test
    void judge_expressionThatFails_refusesWhateverItsRuleOrTheNextOnesSay() {
        String fails = "request.headers['absent'] == 'x'";
        AccessVerdict failed = new AccessVerdict(AccessVerdict.Effect.FAILED, 0, "");
        assertThat(judge(caller(), said(true, List.of(), fails), ALLOW)).isEqualTo(failed);
        assertThat(judge(caller(), said(false, List.of(), fails), ALLOW)).isEqualTo(failed);
        // It is not even asked where it could not decide.
        assertThat(judge(caller(), said(false, List.of("a"), fails), ALLOW))
                .isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 1));
        assertThat(judge(caller(), ALLOW, said(false, List.of(), fails)))
                .isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 0));
    }

    @Test
    void judge_denyingRuleWithScopes_holdsForWhoHasThem() {
        AccessRule retired = scopes(false, List.of("old"), List.of());
        assertThat(judge(caller("old"), retired, ALLOW)).isEqualTo(decided(AccessVerdict.Effect.DENIED, 0));
        assertThat(judge(caller("new"), retired, ALLOW)).isEqualTo(decided(AccessVerdict.Effect.ALLOWED, 1));
    }

    private static boolean isAllowed(Call call, AccessRule... rules) {
        return judge(call, rules).effect() == AccessVerdict.Effect.ALLOWED;
    }

    private static AccessVerdict judge(Call call, AccessRule... rules) {
        return new AccessRules("test", List.of(rules)).judge(call);
    }

    private static AccessVerdict decided(AccessVerdict.Effect effect, int rule) {
        return new AccessVerdict(effect, rule, "");
    }

    private static Call caller(String... scopes) {
        return new Call("GET", "c1", List.of(), Set.of(scopes), "");
    }

    private static AccessRule rule(boolean allows) {
        return scopes(allows, List.of(), List.of());
    }

    private static AccessRule scopes(boolean allows, List<String> all, List<String> any) {
        return new AccessRule(allows, MethodSet.ANY, Set.of(), all, any, Set.of(), networks(), TimeWindows.NONE, null);
    }

    private static AccessRule said(boolean allows, List<String> scopes, String expression) {
        try {
            return new AccessRule(
                    allows,
                    MethodSet.ANY,
                    Set.of(),
                    scopes,
                    List.of(),
                    Set.of(),
                    networks(),
                    TimeWindows.NONE,
                    Expression.compile(expression, pattern -> null));
        } catch (ExpressionFault e) {
            throw new AssertionError(expression, e);
        }
    }

    @Test
    void dependOnTime_onlyWhereAnExpressionOrAWindowAsksForIt() {
        assertThat(new AccessRules(
                                "a",
                                List.of(groups(true, "staff"), said(true, List.of(), "request.path == 'request.time'")))
                        .dependOnTime())
                .isFalse();
        assertThat(new AccessRules("a", List.of(said(true, List.of(), "request.time.getHours() > 7"))).dependOnTime())
                .isTrue();
    }

    private static AccessRule groups(boolean allows, String... groups) {
        return new AccessRule(
                allows,
                MethodSet.ANY,
                Set.of(groups),
                List.of(),
                List.of(),
                Set.of(),
                networks(),
                TimeWindows.NONE,
                null);
    }

    private static AccessRule consumers(String... ids) {
        return new AccessRule(
                true, MethodSet.ANY, Set.of(), List.of(), List.of(), Set.of(ids), networks(), TimeWindows.NONE, null);
    }

    private static NetworkTrie networks(String... texts) {
        return NetworkTrie.of(List.of(texts).stream()
                .map(text -> Objects.requireNonNull(Network.parse(text)))
                .toList());
    }

    private record Call(String method, String consumerId, List<String> groups, Set<String> scopes, String address)
            implements AccessFacts {
        @Override
        public boolean hasScope(String scope) {
            return scopes.contains(scope);
        }

        @Override
        public byte[] clientAddressBytes() {
            return Objects.requireNonNullElse(IpAddress.parse(address), new byte[0]);
        }

        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public ExpressionFacts expressionFacts() {
            return new Asked(this);
        }
    }

    /** A call of which expressions know what rules know, and nothing else. */
    private record Asked(Call call) implements ExpressionFacts {
        @Override
        public String method() {
            return call.method();
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public String host() {
            return "";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public Map<String, String> queryParameters() {
            return Map.of();
        }

        @Override
        public String clientAddress() {
            return call.address();
        }

        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public String consumerId() {
            return call.consumerId();
        }

        @Override
        public String consumerName() {
            return "";
        }

        @Override
        public List<String> groups() {
            return call.groups();
        }

        @Override
        public String planName() {
            return "";
        }

        @Override
        public String credentialId() {
            return "";
        }

        @Override
        public String credentialType() {
            return "";
        }

        @Override
        public List<String> scopes() {
            return List.copyOf(call.scopes());
        }

        @Override
        public Map<String, @Nullable Object> claims() {
            return Map.of();
        }
    }
}
