package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.ImageChange;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an image is to be; what is absent stays as it is. */
public record ImageRequest(
        @Schema(
                        description = "what people read, no other of its language has it",
                        example = "Python 3",
                        minLength = 1,
                        maxLength = 100)
                @Nullable String name,
        @Schema(
                        description = "a new one is added to the catalogue's languages",
                        example = "python",
                        pattern = "[a-z0-9][a-z0-9+#._-]{0,31}")
                @Nullable String language,
        @JsonProperty("local_command")
                @Schema(
                        description =
                                "the program that must be there for the local provider; empty for"
                                        + " none",
                        example = "python3")
                @Nullable String localCommand,
        @JsonProperty("container_image")
                @Schema(description = "a container image, for Docker; empty for none", example = "")
                @Nullable String containerImage,
        @JsonProperty("task_definition")
                @Schema(
                        description =
                                "an ECS task definition with its revision, or its ARN, for"
                                        + " Fargate; empty for none",
                        example = "runtime-python:7")
                @Nullable String taskDefinition,
        @JsonProperty("cpu_millis")
                @Schema(
                        description = "thousandths of a core",
                        example = "250",
                        minimum = "10",
                        maximum = "256000")
                @Nullable Integer cpuMillis,
        @JsonProperty("memory_mib")
                @Schema(description = "MiB", example = "512", minimum = "16", maximum = "4194304")
                @Nullable Integer memoryMib,
        @Schema(
                        description = "x86_64 unless named",
                        allowableValues = {"x86_64", "arm64"})
                @Nullable String architecture,
        @JsonProperty("price_usd_per_hour")
                @Schema(
                        description =
                                "of one container, in US dollars, as a decimal number in a string",
                        example = "0.0123425",
                        pattern = ImageRequest.PRICE)
                @Nullable String priceUsdPerHour,
        @Schema(description = "whether it may be launched") @Nullable Boolean enabled) {
    static final String PRICE = "[0-9]{1,6}([.][0-9]{1,9})?";
    private static final Pattern PRICE_FORM = Pattern.compile(PRICE);

    /**
     * As the catalogue has it.
     *
     * @throws IllegalArgumentException when a field is not what it must be
     */
    public ImageChange change() {
        return new ImageChange(
                name,
                language,
                localCommand,
                containerImage,
                taskDefinition,
                cpuMillis,
                memoryMib,
                architecture == null ? null : architecture(architecture),
                priceUsdPerHour == null ? null : price(priceUsdPerHour),
                enabled);
    }

    private static Architecture architecture(String name) {
        return Arrays.stream(Architecture.values())
                .filter(known -> wire(known).equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "architecture is one of: "
                                                + Arrays.stream(Architecture.values())
                                                        .map(ImageRequest::wire)
                                                        .collect(Collectors.joining(", "))));
    }

    private static String wire(Architecture architecture) {
        return architecture.name().toLowerCase(Locale.ROOT);
    }

    private static BigDecimal price(String text) {
        if (!PRICE_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "price_usd_per_hour is a number such as 0.0123425, with at most nine decimals");
        }
        return new BigDecimal(text);
    }
}
