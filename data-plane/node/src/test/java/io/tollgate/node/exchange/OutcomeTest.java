package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    @ParameterizedTest
    @EnumSource(Outcome.class)
    void outcome_each_agreesWithItself(Outcome outcome) {
        assertThat(outcome.word())
                .isEqualTo(outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        boolean failedHere = outcome.source() == OutcomeSource.GATEWAY || outcome.source() == OutcomeSource.UPSTREAM;
        assertThat(outcome.status() >= 500).isEqualTo(failedHere);
        assertThat(outcome.proxyStatusError().isEmpty()).isEqualTo(!failedHere);
        // Problems are put together as text: nothing in them may need escaping.
        assertThat(outcome.title() + outcome.detail()).matches("[A-Za-z0-9 .,;'-]*");
    }
}
