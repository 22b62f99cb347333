package io.tollgate.engine.upstream;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A call as tests have it. One thread. */
final class Asking implements PickRequest {
    /** One that was tried nowhere and has nothing to hash. */
    static final Asking PLAIN = new Asking(new Random(1));

    private final Random random;
    private final Set<TargetState> tried = new HashSet<>();
    private int hash;

    Asking(Random random) {
        this.random = random;
    }

    Asking hash(int value) {
        hash = value;
        return this;
    }

    Asking tried(TargetState state) {
        tried.add(state);
        return this;
    }

    @Override
    public int hash(HashRules rules) {
        return hash;
    }

    @Override
    public boolean isTried(TargetState target) {
        return tried.contains(target);
    }

    @Override
    public int random() {
        return random.nextInt();
    }
}
