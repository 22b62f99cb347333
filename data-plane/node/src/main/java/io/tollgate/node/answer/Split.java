package io.tollgate.node.answer;

import io.tollgate.engine.action.SplitChoice;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import java.util.List;

/**
 * Lets one of several services answer. Immutable.
 *
 * @param choice which one
 * @param services to choose from, in the order of the choice
 */
public record Split(SplitChoice choice, List<Forward> services) implements Answerer {
    /** Copies the list. */
    public Split {
        services = List.copyOf(services);
    }

    @Override
    public void answer(Exchange exchange, Ending ending) {
        int chosen = choice.isSticky()
                ? choice.bySubject(exchange.caller())
                : choice.byDraw(exchange.scratch().draws().below(choice.weightSum()));
        services.get(chosen).answer(exchange, ending);
    }
}
