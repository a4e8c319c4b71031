package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.StoreUnavailable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Stores new claims together: while one transaction is under way, those that come gather for the
 * next. Alone, a claim is stored at once; a thousand at once cost a handful of transactions.
 */
public final class Claimer implements AutoCloseable {
    private static final int MOST_TOGETHER = 500;
    private static final int LONGEST_QUEUE = 20_000;

    private final ClaimStore store;
    private final int mostPerUser;
    private final BlockingQueue<Wish> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Thread writer;

    private record Wish(Allocation allocation, CompletableFuture<Optional<Allocation>> answer) {}

    public Claimer(ClaimStore store, int mostPerUser) {
        this.store = store;
        this.mostPerUser = mostPerUser;
        // A thread of its own: a virtual one would wait for its turn behind all those it is to
        // serve.
        this.writer = Thread.ofPlatform().daemon().name("claimer").start(this::write);
    }

    /**
     * Stores a claim, or finds the live one it would double.
     *
     * @return absent when the user has too many
     * @throws StoreUnavailable when the database cannot be asked, or too many wait for it
     */
    Optional<Allocation> claim(Allocation wanted) {
        var wish = new Wish(wanted, new CompletableFuture<>());
        if (!queue.offer(wish)) {
            throw new StoreUnavailable(
                    LONGEST_QUEUE + " launches wait for the database already", null);
        }
        try {
            return wish.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void write() {
        var together = new ArrayList<Wish>();
        try {
            while (true) {
                together.add(queue.take());
                queue.drainTo(together, MOST_TOGETHER - 1);
                store(together);
                together.clear();
            }
        } catch (InterruptedException e) {
            queue.drainTo(together);
            together.forEach(
                    w ->
                            w.answer.completeExceptionally(
                                    new StoreUnavailable("the bridge is stopping", null)));
        }
    }

    private void store(List<Wish> together) {
        try {
            var stored = store.claim(together.stream().map(Wish::allocation).toList(), mostPerUser);
            for (int i = 0; i < together.size(); i++) {
                together.get(i).answer.complete(stored.get(i));
            }
        } catch (RuntimeException | Error e) {
            together.forEach(w -> w.answer.completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
