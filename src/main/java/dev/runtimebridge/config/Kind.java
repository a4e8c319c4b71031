package dev.runtimebridge.config;

import java.util.function.Function;

/**
 * A kind of value.
 *
 * @param expected completes the sentence "expected …"
 * @param reader throws {@link Unfit} for a text that is not of this kind, with a reason that does
 *     not repeat the text, or any other {@code IllegalArgumentException} without saying more
 */
record Kind<T>(String expected, Function<String, T> reader) {

    /** Why a text is not of a kind. Never carries the text, which may be secret. */
    static final class Unfit extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why);
        }
    }
}
