package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.consumer.Identity;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Consumers and their subscriptions: checks them and makes {@link Consumer}s. Compile thread only. */
final class ConsumerCompiler {
    private static final int GROUPS_MAX = 32;
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    void check(io.tollgate.proto.config.v1.Consumer consumer, ObjectProblems problems) {
        NameText.check(consumer.getName(), problems);
        if (consumer.getGroupsCount() > GROUPS_MAX) {
            problems.add("/groups", consumer.getGroupsCount() + " groups", "at most " + GROUPS_MAX);
        }
        for (int i = 0; i < consumer.getGroupsCount(); i++) {
            if (!GROUP.matcher(consumer.getGroups(i)).matches()) {
                problems.add("/groups/" + i, consumer.getGroups(i), "1 to 64 letters, digits and ._-");
            }
        }
    }

    void check(Subscription subscription, ObjectProblems problems) {
        long end = subscription.getEndsAtMillis();
        if (end != 0 && end <= subscription.getStartsAtMillis()) {
            problems.add("/ends_at", end + " ms", "after the start at " + subscription.getStartsAtMillis() + " ms");
        }
    }

    Consumer compile(WireObject object, WireConfiguration wire, Map<String, Plan> plans, PolicySet policies) {
        io.tollgate.proto.config.v1.Consumer consumer = (io.tollgate.proto.config.v1.Consumer) object.message();
        List<Grant> grants = new ArrayList<>();
        for (ObjectKey key : wire.referrersTo(object.key())) {
            if (key.kind() == ObjectKind.OBJECT_KIND_SUBSCRIPTION) {
                Subscription subscription = (Subscription) wire.read(key).message();
                Plan plan = plans.get(subscription.getPlanId());
                if (plan == null) {
                    throw new IllegalStateException(key + " was checked");
                }
                long end = subscription.getEndsAtMillis();
                grants.add(
                        new Grant(key.id(), plan, subscription.getStartsAtMillis(), end == 0 ? Long.MAX_VALUE : end));
            }
        }
        return new Consumer(
                Identity.of(consumer.getId(), consumer.getName()),
                consumer.getEnabled(),
                consumer.getGroupsList(),
                grants,
                new Consumer.Overrides(
                        policies.policies().find(PolicyType.RATE_LIMIT),
                        policies.policies().find(PolicyType.IDENTITY_HEADERS),
                        policies.policies().find(PolicyType.ACCESS)));
    }
}
