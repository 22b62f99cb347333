package io.tollgate.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Facts;
import io.tollgate.engine.fixture.Seed;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static final TemplateScope SCOPE = new TemplateScope(Set.of("id", "tenant"), true);
    private static final Facts FACTS = new Facts()
            .parameter("id", "7")
            .parameter("tenant", "caf%C3%A9&x")
            .header("x-a", "value a")
            .queryParameter("q", "a/b c")
            .fact(TemplateFact.REQUEST_METHOD, "GET")
            .fact(TemplateFact.REQUEST_PATH, "/o/7");

    @Test
    void evaluate_everyKindOfName_fillsItIn() {
        assertThat(value("{id}-{request.method}-{request.header.X-A}-{request.query.q}-{{id}-{consumer.name}."))
                .isEqualTo("7-GET-value a-a/b c-{id}-.");
    }

    @Test
    void evaluate_randomTexts_isWhatReplacingNamesGives() {
        Random random = Seed.random(TemplateTest.class);
        String[][] pieces = {
            {"{id}", "7"},
            {"{request.method}", "GET"},
            {"{{", "{"},
            {"}", "}"},
            {"text ", "text "},
            {"{tenant}", "caf%C3%A9&x"}
        };
        for (int round = 0; round < 10_000; round++) {
            StringBuilder text = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String[] piece = pieces[random.nextInt(pieces.length)];
                text.append(piece[0]);
                expected.append(piece[1]);
            }
            assertThat(Template.fault(text.toString(), SCOPE)).as("%s", text).isNull();
            assertThat(value(text.toString())).as("%s", text).isEqualTo(expected.toString());
        }
    }

    @Test
    void fault_unknownName_saysWhatIsKnown() {
        TemplateFault fault = Template.fault("a{other}", SCOPE);
        assertThat(fault).isNotNull();
        assertThat(fault.value()).isEqualTo("{other}");
        assertThat(fault.expected()).startsWith("a parameter that every path of the route has [id, tenant], ");
    }

    @Test
    void fault_badTexts_areNamed() {
        assertThat(faultOf("{id")).isEqualTo("{id");
        assertThat(faultOf("{}")).isEqualTo("{}");
        assertThat(faultOf("{request.header.}")).isEqualTo("{request.header.}");
        assertThat(faultOf("{request.header.a b}")).isEqualTo("{request.header.a b}");
        assertThat(Template.fault("{service.name}", new TemplateScope(Set.of(), false)))
                .isNotNull();
    }

    @Test
    void path_values_keepTheirBytesOrAreEncoded() {
        Template template = Template.of("/v2/{tenant}/{request.query.q}{request.path}", TemplateEscape.PATH);
        assertThat(template.evaluate(FACTS, 100)).isEqualTo("/v2/caf%C3%A9&x/a%2Fb%20c/o/7");
    }

    @Test
    void query_values_cannotEndAParameter() {
        Template template = Template.of("a&b={tenant}+{request.query.q}", TemplateEscape.QUERY);
        assertThat(template.evaluate(FACTS, 100)).isEqualTo("a%26b%3Dcaf%C3%A9%26x%2Ba%2Fb%20c");
    }

    @Test
    void bodies_values_cannotLeaveTheirPlace() {
        Facts facts = new Facts().queryParameter("q", "<b>\"\\'&\n");
        assertThat(Template.of("{{\"a\":\"{request.query.q}\"}", TemplateEscape.JSON)
                        .evaluate(facts, 100))
                .isEqualTo("{\"a\":\"\\u003Cb>\\\"\\\\'&\\u000A\"}");
        assertThat(Template.of("<p>{request.query.q}</p>", TemplateEscape.MARKUP)
                        .evaluate(facts, 100))
                .isEqualTo("<p>&#60;b&#62;&#34;\\&#39;&#38;\n</p>");
    }

    @Test
    void fieldValue_bytesThatAFieldCannotHold_giveNoValue() {
        for (char c = 0; c < 0x100; c++) {
            Facts facts = new Facts().queryParameter("q", "a" + c + "b");
            boolean forbidden = (c < ' ' && c != '\t') || c == 0x7f;
            assertThat(Template.of("x {request.query.q}", TemplateEscape.NONE).fieldValue(facts))
                    .as("octet %d", (int) c)
                    .isEqualTo(forbidden ? "" : "x a" + c + "b");
        }
    }

    @Test
    void evaluate_tooLong_givesNothing() {
        Facts facts = new Facts().queryParameter("q", "a".repeat(Template.VALUE_CHARACTERS_MAX));
        Template twice = Template.of("{request.query.q}{request.query.q}", TemplateEscape.NONE);
        assertThat(twice.evaluate(facts, Template.VALUE_CHARACTERS_MAX)).isNull();
        assertThat(twice.fieldValue(facts)).isEmpty();
    }

    private static String value(String text) {
        return String.valueOf(Template.of(text, TemplateEscape.NONE).evaluate(FACTS, 1000));
    }

    private static String faultOf(String text) {
        TemplateFault fault = Template.fault(text, SCOPE);
        return fault == null ? "none" : fault.value();
    }
}
