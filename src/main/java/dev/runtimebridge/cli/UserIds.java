package dev.runtimebridge.cli;

import dev.runtimebridge.allocation.UserId;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a user's id. */
final class UserIds implements ITypeConverter<UserId> {
    @Override
    public UserId convert(String text) {
        try {
            return new UserId(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
