package io.tollgate.node;

import java.lang.reflect.Proxy;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * SIGHUP, by which operators have a process open its log files anew; a JVM ends by it otherwise. The one place that knows the JDK's own
 * interface for signals, which the compiler does not offer to programs. Immutable functions.
 */
final class Hangup {
    private static final Logger LOG = Logger.getLogger(Hangup.class.getName());

    private Hangup() {}

    /** Does this at each signal instead of ending, on a thread of the JVM's; nothing where there is no such signal. */
    static void then(Runnable work) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object on = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            work.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), on);
        } catch (ReflectiveOperationException noSuchSignal) {
            LOG.log(Level.FINE, "event=no-hangup-signal", noSuchSignal);
        }
    }
}
