package io.tollgate.node.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SigningsTest {
    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void signing_thatFails_isToldToo() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (CheckPool pool = new CheckPool("test", CheckPool.WAITING_MAX)) {
            Signings signings = new Signings(pool, 1, 0);
            assertThat(signings.offer(
                            () -> {
                                throw new IllegalStateException("no such algorithm");
                            },
                            token -> told.add(String.valueOf(token))))
                    .isTrue();
            Await.until("it is told", () -> told.size() == 1);
            assertThat(told).containsExactly("null");
            assertThat(signings.offer(() -> "a.b.c", token -> told.add(String.valueOf(token))))
                    .isTrue();
            Await.until("the thread goes on", () -> told.contains("a.b.c"));
        }
    }

    @Test
    void signings_leaveRoomForTheChecksOfOthers() {
        CountDownLatch open = new CountDownLatch(1);
        List<String> told = new CopyOnWriteArrayList<>();
        try (CheckPool pool = new CheckPool("test", CheckPool.WAITING_MAX)) {
            for (int i = 0; i < CheckPool.THREADS; i++) {
                assertThat(pool.offer(() -> hold(open))).isTrue();
            }
            Signings signings = new Signings(pool, 1, 0);
            for (int i = 0; i < Signings.WAITING_MAX; i++) {
                assertThat(signings.offer(() -> "token", token -> told.add(String.valueOf(token))))
                        .isTrue();
            }
            assertThat(signings.offer(() -> "token", token -> told.add(String.valueOf(token))))
                    .isFalse();
            assertThat(pool.offer(() -> told.add("check"))).isTrue();
            open.countDown();
            Await.until("all are told", () -> told.size() == Signings.WAITING_MAX + 1);
            assertThat(signings.offer(() -> "token", token -> {})).isTrue();
        }
    }
}
