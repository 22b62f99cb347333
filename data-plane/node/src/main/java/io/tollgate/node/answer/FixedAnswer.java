package io.tollgate.node.answer;

import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.template.Template;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers with what the route says. Immutable.
 *
 * @param action the answer
 */
public record FixedAnswer(RouteAction.FixedAnswer action) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        Template template = action.body();
        String body = template == null ? "" : template.evaluate(exchange.facts(), Template.BODY_CHARACTERS_MAX);
        if (body == null) {
            Forward.refuse(exchange, ending);
            return;
        }
        List<GatewayAnswer.Field> fields = new ArrayList<>(action.headers().size());
        for (RouteAction.HeaderField header : action.headers()) {
            String value = header.value().fieldValue(exchange.facts());
            if (!value.isEmpty()) {
                fields.add(new GatewayAnswer.Field(header.name(), value));
            }
        }
        exchange.answerHere(new GatewayAnswer(action.status(), fields, body));
        ending.ended(exchange, Outcome.OK);
    }
}
