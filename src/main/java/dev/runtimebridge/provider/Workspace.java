package dev.runtimebridge.provider;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * Names the files a user keeps from launch to launch: one workspace per (user, image, slot), the
 * same name every time, and nothing in it tells who the user is. 52 characters of lower-case
 * base32.
 */
public record Workspace(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z2-7]{52}");

    public Workspace {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("not a workspace's name");
        }
    }

    public static Workspace of(UserId owner, ImageId image, Slot slot) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((image + "/" + slot + "/").getBytes(StandardCharsets.UTF_8));
            return new Workspace(Ids.base32(digest.digest(owner.bytes())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
