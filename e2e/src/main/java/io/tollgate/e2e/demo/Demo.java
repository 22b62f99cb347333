package io.tollgate.e2e.demo;

/** Walks through the product against running processes. */
public final class Demo {
    private Demo() {}

    public static void main(String[] arguments) {
        System.out.println("no step yet");
    }
}
