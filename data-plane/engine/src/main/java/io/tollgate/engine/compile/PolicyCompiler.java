package io.tollgate.engine.compile;

import com.google.protobuf.Message;
import io.tollgate.engine.policy.Policies;
import io.tollgate.engine.policy.PolicyPlaces;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Policy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Policies: checks them and gathers those of one place into a {@link PolicySet}. Compile thread only. */
final class PolicyCompiler {
    private final PolicyTable types;

    PolicyCompiler(LimitCompiler limits) {
        this.types = new PolicyTable(limits);
    }

    void check(Policy policy, ObjectProblems problems) {
        NameText.check(policy.getName(), problems);
        PolicyRules<?, ?> rules = types.find(policy);
        if (rules == null) {
            problems.add("/type", "nothing", types.words());
            return;
        }
        checkAttachment(policy.getAttachment(), rules, problems);
        check(rules, policy, problems);
    }

    private static <M extends Message> void check(PolicyRules<M, ?> rules, Policy policy, ObjectProblems problems) {
        rules.check(rules.config(policy), problems);
    }

    private static void checkAttachment(Attachment attachment, PolicyRules<?, ?> rules, ObjectProblems problems) {
        PolicyPlaces places = rules.type().places();
        boolean fits = switch (attachment.getKind()) {
            case ATTACHMENT_KIND_GLOBAL -> {
                if (!attachment.getObjectId().isEmpty()) {
                    problems.add("/attachment", attachment.getObjectId(), "no object for a global policy");
                }
                yield true;
            }
            case ATTACHMENT_KIND_SERVICE, ATTACHMENT_KIND_ROUTE -> places != PolicyPlaces.GLOBAL;
            case ATTACHMENT_KIND_PLAN, ATTACHMENT_KIND_CONSUMER -> places == PolicyPlaces.ANYWHERE;
            default -> {
                problems.add("/attachment", attachment.getKindValue(), PolicyPlaces.ANYWHERE.words());
                yield true;
            }
        };
        if (!fits) {
            problems.add("/attachment", rules.type().word(), places.words());
        }
    }

    /** The enabled policies attached to this place; two of one type are a problem of the later one. */
    PolicySet compile(ObjectKey place, WireConfiguration wire, ProblemList list) {
        List<ObjectKey> attached = new ArrayList<>();
        for (ObjectKey key : wire.referrersTo(place)) {
            // It may also be that it only asks a service, or names something else.
            if (key.kind() == ObjectKind.OBJECT_KIND_POLICY
                    && wire.read(key).references().get(0).target().equals(place)) {
                attached.add(key);
            }
        }
        if (attached.isEmpty()) {
            return PolicySet.NONE;
        }
        attached.sort(null);
        Policies policies = Policies.NONE;
        List<AttachedPolicy> words = new ArrayList<>();
        Set<Policy.ConfigCase> seen = EnumSet.noneOf(Policy.ConfigCase.class);
        for (ObjectKey key : attached) {
            WireObject object = wire.read(key);
            Policy policy = (Policy) object.message();
            if (!policy.getEnabled()) {
                continue;
            }
            PolicyRules<?, ?> rules = types.get(policy);
            if (!seen.add(policy.getConfigCase())) {
                new ObjectProblems(list, object)
                        .add(
                                "/attachment",
                                "a second " + rules.type().word(),
                                "one enabled policy of a type in one place");
                continue;
            }
            words.add(words(rules, policy));
            policies = with(policies, rules, policy);
        }
        return seen.isEmpty() ? PolicySet.NONE : new PolicySet(policies, words);
    }

    private static <M extends Message> AttachedPolicy words(PolicyRules<M, ?> rules, Policy policy) {
        return new AttachedPolicy(rules.type().word(), policy.getName(), rules.words(rules.config(policy)));
    }

    private static <M extends Message, T> Policies with(Policies policies, PolicyRules<M, T> rules, Policy policy) {
        return policies.with(rules.type(), rules.compile(rules.config(policy), policy));
    }
}
