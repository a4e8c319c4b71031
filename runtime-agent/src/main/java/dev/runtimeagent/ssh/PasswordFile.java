package dev.runtimeagent.ssh;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What an image's {@code /etc/shadow} links to: shadow(5) with the one login that has a password.
 * Hashed by crypt(3) in this process, so that the password is in no other's arguments.
 */
final class PasswordFile {
    private static final String NAME = "shadow";

    /** The least that SHA-512 crypt knows: 192 random bits are not guessed faster for it. */
    private static final String METHOD = "$6$rounds=1000$";

    private static final int SALT_BYTES = 12;

    private PasswordFile() {}

    /**
     * Replaces what is in {@code folder}, whole or not at all.
     *
     * @throws IOException when it cannot be written
     */
    static void write(Path folder, Login login) throws IOException {
        var line = login.user() + ":" + hash(login) + "::0:99999:7:::\n";
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var draft = Files.createTempFile(folder, NAME, ".new", ownerOnly);
        Files.writeString(draft, "root:*::0:99999:7:::\n" + line, StandardCharsets.US_ASCII);
        Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    @SuppressWarnings("restricted") // the JVM is started with --enable-native-access
    private static String hash(Login login) {
        try (var arena = Arena.ofConfined()) {
            var crypt =
                    Linker.nativeLinker()
                            .downcallHandle(
                                    SymbolLookup.libraryLookup("libcrypt.so.1", arena)
                                            .findOrThrow("crypt"),
                                    FunctionDescriptor.of(
                                            ValueLayout.ADDRESS,
                                            ValueLayout.ADDRESS,
                                            ValueLayout.ADDRESS));
            var made =
                    (MemorySegment)
                            crypt.invokeExact(
                                    arena.allocateFrom(login.password().reveal()),
                                    arena.allocateFrom(METHOD + salt()));
            var hash = made.reinterpret(Byte.MAX_VALUE * 2L).getString(0);
            if (!hash.startsWith(METHOD)) {
                throw new IllegalStateException("libcrypt does not know SHA-512");
            }
            return hash;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("crypt(3) throws nothing", e);
        }
    }

    private static String salt() {
        var bytes = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes).replace('+', '.');
    }
}
