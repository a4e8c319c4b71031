package dev.runtimebridge.catalog;

import java.math.BigDecimal;

/**
 * What an administrator decides about an image. As it was stored: {@link ImageChange} is where
 * input is checked.
 *
 * @param priceUsdPerHour what an hour of one container costs, in US dollars; zero where nobody said
 * @param enabled whether it may be launched
 */
public record ImageDetails(
        String name,
        String language,
        Image.Run run,
        Image.Size size,
        BigDecimal priceUsdPerHour,
        boolean enabled) {
    public ImageDetails {
        // Equal amounts are equal details, however many zeros they were written with.
        priceUsdPerHour = new BigDecimal(priceUsdPerHour.stripTrailingZeros().toPlainString());
    }

    /** Whether a container of the one would do for the other. */
    boolean runsLike(ImageDetails other) {
        return run.equals(other.run) && size.equals(other.size);
    }
}
