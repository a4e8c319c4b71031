package dev.runtimebridge.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Cuts a collection into lists for {@code in (…)}: at most {@link #MOST} long, and of few different
 * lengths (powers of two, filled up with the last value), so that prepared statements are found
 * again. MariaDB turns lists of 1,000 and more into a temporary table.
 */
final class InLists {
    static final int MOST = 512;

    private InLists() {}

    static <T> List<List<T>> of(Collection<T> values) {
        var all = List.copyOf(values);
        var lists = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += MOST) {
            lists.add(filled(all.subList(from, Math.min(all.size(), from + MOST))));
        }
        return lists;
    }

    /** {@code (?,?,?)} for this many values. */
    static String marks(int count) {
        return "(" + "?,".repeat(count - 1) + "?)";
    }

    private static <T> List<T> filled(List<T> values) {
        int length = Integer.highestOneBit(values.size());
        if (length < values.size()) {
            length *= 2;
        }
        var list = new ArrayList<T>(length);
        list.addAll(values);
        while (list.size() < length) {
            list.add(values.getLast());
        }
        return list;
    }
}
