package io.tollgate.node;

/** Starts one data plane node. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("node has nothing to serve yet");
    }
}
