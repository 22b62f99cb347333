package io.tollgate.node.sync;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread that does one piece of work after the other. A bug in one is logged and does not keep the next from being done; what is given
 * to it after its end is not done. Methods may be called from any thread.
 */
final class SerialThread {
    private static final Logger LOG = System.getLogger(SerialThread.class.getName());

    private final String name;
    private final ScheduledThreadPoolExecutor executor;

    SerialThread(String name) {
        this.name = name;
        executor = new ScheduledThreadPoolExecutor(1, work -> new Thread(work, name));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void execute(Runnable work) {
        after(0, work);
    }

    /** @param delayMillis before it is done, at the earliest; what waits at the end of the thread is left undone */
    void after(long delayMillis, Runnable work) {
        try {
            if (delayMillis == 0) {
                executor.execute(() -> guarded(work));
            } else {
                executor.schedule(() -> guarded(work), delayMillis, TimeUnit.MILLISECONDS);
            }
        } catch (RejectedExecutionException afterTheEnd) {
            LOG.log(Level.DEBUG, "event=work-after-the-end");
        }
    }

    void every(long delayMillis, Runnable work) {
        executor.scheduleWithFixedDelay(() -> guarded(work), delayMillis, delayMillis, TimeUnit.MILLISECONDS);
    }

    /** Takes nothing more. Interrupts what is under way. */
    void stopNow() {
        executor.shutdownNow();
    }

    /**
     * Takes nothing more and waits for what it has.
     *
     * @return whether it came to its end within that time
     */
    boolean stop(long waitMillisMax) throws InterruptedException {
        executor.shutdown();
        return executor.awaitTermination(waitMillisMax, TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error bug) {
            // Also an error: it would end what is done again and again in silence.
            LOG.log(Level.ERROR, "event=work-failed thread=" + name, bug);
        }
    }
}
