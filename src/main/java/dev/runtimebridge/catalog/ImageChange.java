package dev.runtimebridge.catalog;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is to be changed of an image; what is null stays as it is. Whatever is given is checked
 * here, once.
 *
 * @param name 1 to 100 visible characters, spaces between
 * @param language 1 to 32 lower-case letters, digits and {@code +#._-}
 * @param localCommand a program's name without folders, or empty for none
 * @param containerImage a container image's reference, or empty for none
 * @param taskDefinition an ECS task definition that names its revision, {@code runtime-python:7},
 *     or its ARN; empty for none. A bare family would run whatever was registered last, and
 *     containers of one revision would no longer be alike
 * @param cpuMillis 10 to 256,000 thousandths of a core
 * @param memoryMebibytes 16 to 4,194,304 MiB
 * @param priceUsdPerHour zero to under a million, at most nine decimals
 */
public record ImageChange(
        @Nullable String name,
        @Nullable String language,
        @Nullable String localCommand,
        @Nullable String containerImage,
        @Nullable String taskDefinition,
        @Nullable Integer cpuMillis,
        @Nullable Integer memoryMebibytes,
        @Nullable Architecture architecture,
        @Nullable BigDecimal priceUsdPerHour,
        @Nullable Boolean enabled) {
    private static final Pattern NAME =
            Pattern.compile(
                    "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]+( [\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]+)*");
    private static final int LONGEST_NAME = 100;
    private static final Pattern LANGUAGE = Pattern.compile("[a-z0-9][a-z0-9+#._-]{0,31}");
    private static final Pattern COMMAND = Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_+.-]{0,254})?");
    private static final Pattern REFERENCE =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9_./:@-]{0,499})?");
    // Family and ARN as in the ECS API reference, RegisterTaskDefinition.
    private static final Pattern TASK_DEFINITION =
            Pattern.compile(
                    "((arn:aws[a-z-]*:ecs:[a-z0-9-]{1,30}:[0-9]{12}:task-definition/)?"
                            + "[A-Za-z0-9_-]{1,255}:[1-9][0-9]{0,8})?");
    private static final int LEAST_CPU_MILLIS = 10;
    private static final int MOST_CPU_MILLIS = 256_000;
    private static final int LEAST_MEMORY_MEBIBYTES = 16;
    private static final int MOST_MEMORY_MEBIBYTES = 4 * 1024 * 1024;
    private static final BigDecimal ABOVE_PRICES = new BigDecimal(1_000_000);
    private static final int MOST_DECIMALS = 9;

    public ImageChange {
        if (name != null && (name.length() > LONGEST_NAME || !NAME.matcher(name).matches())) {
            throw new IllegalArgumentException(
                    "a name has 1 to 100 visible characters, single spaces between");
        }
        check(
                language,
                LANGUAGE,
                "a language has 1 to 32 lower-case letters, digits and + # . _ -");
        check(localCommand, COMMAND, "a local command is a program's name, without its folder");
        check(containerImage, REFERENCE, "a container image is a reference such as host/name:tag");
        check(
                taskDefinition,
                TASK_DEFINITION,
                "a task definition names its revision, as in runtime-python:7, or is an ARN that"
                        + " does");
        check(cpuMillis, LEAST_CPU_MILLIS, MOST_CPU_MILLIS, "thousandths of a core");
        check(memoryMebibytes, LEAST_MEMORY_MEBIBYTES, MOST_MEMORY_MEBIBYTES, "MiB of memory");
        check(priceUsdPerHour);
    }

    /** Another task definition, and nothing else. */
    public static ImageChange ofTaskDefinition(String taskDefinition) {
        return new ImageChange(
                null, null, null, null, taskDefinition, null, null, null, null, null);
    }

    /** Another container image, and nothing else. */
    public static ImageChange ofContainerImage(String containerImage) {
        return new ImageChange(
                null, null, null, containerImage, null, null, null, null, null, null);
    }

    /** An image with this changed. */
    ImageDetails appliedTo(ImageDetails old) {
        return new ImageDetails(
                or(name, old.name()),
                or(language, old.language()),
                new Image.Run(
                        or(localCommand, old.run().localCommand()),
                        or(containerImage, old.run().containerImage()),
                        or(taskDefinition, old.run().taskDefinition())),
                new Image.Size(
                        or(cpuMillis, old.size().cpuMillis()),
                        or(memoryMebibytes, old.size().memoryMebibytes()),
                        or(architecture, old.size().architecture())),
                or(priceUsdPerHour, old.priceUsdPerHour()),
                or(enabled, old.enabled()));
    }

    /**
     * A new image that is this; switched on unless it says otherwise.
     *
     * @throws IllegalArgumentException when it lacks a name, a language, CPU, memory, or anything
     *     to run
     */
    ImageDetails asNew() {
        if (or(localCommand, "").isEmpty()
                && or(containerImage, "").isEmpty()
                && or(taskDefinition, "").isEmpty()) {
            throw new IllegalArgumentException(
                    "a new image needs something to run: a local command, a container image or a"
                            + " task definition");
        }
        return new ImageDetails(
                needed(name, "name"),
                needed(language, "language"),
                new Image.Run(or(localCommand, ""), or(containerImage, ""), or(taskDefinition, "")),
                new Image.Size(
                        needed(cpuMillis, "CPU share"),
                        needed(memoryMebibytes, "memory limit"),
                        or(architecture, Architecture.X86_64)),
                or(priceUsdPerHour, BigDecimal.ZERO),
                or(enabled, true));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return Objects.requireNonNullElse(given, otherwise);
    }

    private static <T> T needed(@Nullable T given, String what) {
        if (given == null) {
            throw new IllegalArgumentException("a new image needs a " + what);
        }
        return given;
    }

    private static void check(@Nullable String given, Pattern form, String rule) {
        if (given != null && !form.matcher(given).matches()) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static void check(@Nullable Integer given, int least, int most, String unit) {
        if (given != null && (given < least || given > most)) {
            throw new IllegalArgumentException(
                    "an image has " + least + " to " + most + " " + unit + ", not " + given);
        }
    }

    private static void check(@Nullable BigDecimal price) {
        if (price != null
                && (price.signum() < 0
                        || price.compareTo(ABOVE_PRICES) >= 0
                        || price.stripTrailingZeros().scale() > MOST_DECIMALS)) {
            throw new IllegalArgumentException(
                    "a price is 0 to 999999.999999999 US dollars per hour, with at most nine"
                            + " decimals");
        }
    }
}
