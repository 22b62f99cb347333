package io.tollgate.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.address.Network;
import io.tollgate.engine.address.NetworkTrie;
import io.tollgate.engine.route.MethodSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
                TimeWindows.NONE);
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
        return new AccessRule(allows, MethodSet.ANY, Set.of(), all, any, Set.of(), networks(), TimeWindows.NONE);
    }

    private static AccessRule groups(boolean allows, String... groups) {
        return new AccessRule(
                allows, MethodSet.ANY, Set.of(groups), List.of(), List.of(), Set.of(), networks(), TimeWindows.NONE);
    }

    private static AccessRule consumers(String... ids) {
        return new AccessRule(
                true, MethodSet.ANY, Set.of(), List.of(), List.of(), Set.of(ids), networks(), TimeWindows.NONE);
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
    }
}
