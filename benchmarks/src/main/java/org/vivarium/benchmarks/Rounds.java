package org.vivarium.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/** Closed loops of some callers for some time, with the latency of every call. */
final class Rounds {
    private Rounds() {}

    /** Runs each of {@code callers} in a thread of its own for {@code millis}. */
    static Result run(List<Runnable> callers, long millis) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(callers.size() + 1);
        List<Thread> threads = new ArrayList<>();
        Histogram[] histograms = new Histogram[callers.size()];
        long[] elapsed = new long[callers.size()];
        for (int i = 0; i < callers.size(); i++) {
            int index = i;
            Histogram histogram = new Histogram(10_000_000_000L, 3);
            histograms[i] = histogram;
            threads.add(new Thread(() -> elapsed[index] = loop(callers.get(index), millis, histogram, ready)));
        }
        threads.forEach(Thread::start);
        ready.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Histogram all = new Histogram(10_000_000_000L, 3);
        Arrays.stream(histograms).forEach(all::add);
        double seconds = Arrays.stream(elapsed).max().orElseThrow() / 1e9;
        return new Result(
                all.getTotalCount() / seconds, all.getValueAtPercentile(50) / 1e3, all.getValueAtPercentile(99) / 1e3);
    }

    private static long loop(Runnable call, long millis, Histogram histogram, CountDownLatch ready) {
        ready.countDown();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        long now = start;
        while (now < end) {
            call.run();
            long after = System.nanoTime();
            histogram.recordValue(after - now);
            now = after;
        }
        return now - start;
    }

    /** Calls per second, and percentiles in microseconds. */
    record Result(double perSecond, double p50, double p99) {}

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
