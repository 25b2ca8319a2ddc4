package org.vivarium.api.client;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonStream;

/** Hands the chunks of a stream to one subscriber, as many as it has asked for. Thread safe. */
final class StreamPublisher<T> implements Flow.Publisher<T> {
    private final PythonStream<T> stream;
    private final Executor executor;
    private final AtomicBoolean taken = new AtomicBoolean();

    StreamPublisher(PythonStream<T> stream, Executor executor) {
        this.stream = requireNonNull(stream, "stream");
        this.executor = requireNonNull(executor, "executor");
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        requireNonNull(subscriber, "subscriber");
        Delivery<T> delivery = new Delivery<>(stream, executor, subscriber);
        if (taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(delivery);
        } else {
            delivery.over = true;
            subscriber.onSubscribe(delivery);
            subscriber.onError(new IllegalStateException("the chunks of a stream go to one subscriber only"));
        }
    }

    /** One subscription. Whoever raises {@code demand} from 0 starts the only task that delivers. */
    private static final class Delivery<T> implements Flow.Subscription {
        private final PythonStream<T> stream;
        private final Executor executor;
        private final Flow.Subscriber<? super T> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private volatile @Nullable RuntimeException refused;
        private volatile boolean over;

        Delivery(PythonStream<T> stream, Executor executor, Flow.Subscriber<? super T> subscriber) {
            this.stream = stream;
            this.executor = executor;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long chunks) {
            if (over) {
                return;
            }
            if (chunks <= 0) {
                refused = new IllegalArgumentException("a request is for at least 1 chunk, was for " + chunks);
            }
            long more = Math.max(1, chunks);
            if (demand.getAndUpdate(before -> before > Long.MAX_VALUE - more ? Long.MAX_VALUE : before + more) == 0) {
                start();
            }
        }

        private void start() {
            try {
                executor.execute(this::deliver);
            } catch (RuntimeException e) { // the executor takes nothing more
                end(e);
            }
        }

        private void deliver() {
            long wanted = demand.get();
            while (wanted > 0) {
                for (long i = 0; i < wanted; i++) {
                    if (!deliverOne()) {
                        return; // demand stays above 0, so nobody starts again
                    }
                }
                wanted = demand.addAndGet(-wanted);
            }
        }

        private boolean deliverOne() {
            if (over) {
                return false;
            }
            T chunk;
            try {
                if (refused != null) {
                    throw refused;
                }
                if (!stream.hasNext()) {
                    end(null);
                    return false;
                }
                chunk = stream.next();
            } catch (RuntimeException e) { // goes to whom it concerns
                end(e);
                return false;
            }
            hand(chunk);
            return true;
        }

        private void hand(T chunk) {
            if (over) {
                return;
            }
            try {
                subscriber.onNext(chunk);
            } catch (RuntimeException | Error e) { // against the rules of Flow; the program must not go on for nobody
                cancel();
                throw e;
            }
        }

        private void end(@Nullable RuntimeException failure) {
            if (over) {
                return; // whoever cancelled does not want to hear of it
            }
            over = true;
            stream.close();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                stream.close();
            }
        }
    }
}
