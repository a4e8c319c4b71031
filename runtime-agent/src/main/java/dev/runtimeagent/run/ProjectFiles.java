package dev.runtimeagent.run;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A project's files, all checked before any is written: each path is relative, in plain segments,
 * and clashes with no other.
 */
public final class ProjectFiles {
    /** Most files in a project. */
    public static final int COUNT = 1_000;

    /** Largest file, in bytes of UTF-8. */
    public static final int FILE_BYTES = 1024 * 1024;

    /** Largest project, in bytes of UTF-8. */
    public static final int TOTAL_BYTES = 8 * 1024 * 1024;

    /** Longest path, in bytes of UTF-8. */
    public static final int PATH_BYTES = 1024;

    /**
     * Longest segment of a path, in bytes of UTF-8; what file systems take, less room for a draft's
     * suffix.
     */
    public static final int SEGMENT_BYTES = 200;

    /** Deepest path, in segments. */
    public static final int DEPTH = 32;

    private final SortedMap<String, byte[]> files;

    private ProjectFiles(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    /**
     * Checks path and text of every file.
     *
     * @throws ProjectRefused naming the first path that will not do, or the limit that is passed
     */
    public static ProjectFiles of(Map<String, String> texts) throws ProjectRefused {
        if (texts.size() > COUNT) {
            throw new ProjectRefused("it has " + texts.size() + " files, more than " + COUNT);
        }
        var files = new TreeMap<String, byte[]>();
        var total = 0L;
        for (var text : texts.entrySet()) {
            segments(text.getKey());
            var bytes = utf8(text.getKey(), text.getValue());
            if (bytes.length > FILE_BYTES) {
                throw new ProjectRefused(
                        quote(text.getKey()) + " is larger than " + FILE_BYTES + " bytes");
            }
            total += bytes.length;
            if (total > TOTAL_BYTES) {
                throw new ProjectRefused(
                        "its files are larger than " + TOTAL_BYTES + " bytes together");
            }
            files.put(text.getKey(), bytes);
        }
        refuseFilesAsFolders(files);
        return new ProjectFiles(files);
    }

    /**
     * The segments of a path, folder by folder to the file's name.
     *
     * @throws ProjectRefused when it is not a plain relative path
     */
    static List<String> segments(String path) throws ProjectRefused {
        if (path.isEmpty()) {
            throw new ProjectRefused("it has a file without a name");
        }
        if (utf8(path, path).length > PATH_BYTES) {
            throw new ProjectRefused(quote(path) + " is longer than " + PATH_BYTES + " bytes");
        }
        if (path.startsWith("/")) {
            throw new ProjectRefused(quote(path) + " is not relative");
        }
        if (path.chars()
                .anyMatch(character -> Character.isISOControl(character) || character == '\\')) {
            throw new ProjectRefused(quote(path) + " holds a control character or a backslash");
        }
        var segments = List.of(path.split("/", -1));
        if (segments.size() > DEPTH) {
            throw new ProjectRefused(quote(path) + " is deeper than " + DEPTH + " folders");
        }
        for (var segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new ProjectRefused(quote(path) + " has an empty, . or .. part");
            }
            if (utf8(path, segment).length > SEGMENT_BYTES) {
                throw new ProjectRefused(
                        quote(path) + " has a part longer than " + SEGMENT_BYTES + " bytes");
            }
        }
        return segments;
    }

    private static byte[] utf8(String path, String text) throws ProjectRefused {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            var bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new ProjectRefused(quote(path) + " holds half a character");
        }
    }

    private static void refuseFilesAsFolders(SortedMap<String, byte[]> files)
            throws ProjectRefused {
        for (var path : files.keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (files.containsKey(path.substring(0, slash))) {
                    throw new ProjectRefused(
                            quote(path.substring(0, slash)) + " is a file and a folder");
                }
            }
        }
    }

    /** Shortened and printable, because it comes from elsewhere and goes into messages. */
    static String quote(String path) {
        var shown = path.length() > 80 ? path.substring(0, 80) + "..." : path;
        return '"' + shown.replaceAll("[^\\x20-\\x7E]", "?") + '"';
    }

    /** Each path, in order, with its content. */
    List<File> files() {
        var all = new ArrayList<File>();
        for (var file : files.entrySet()) {
            var segments = List.of(file.getKey().split("/", -1));
            all.add(
                    new File(
                            segments.subList(0, segments.size() - 1),
                            segments.getLast(),
                            file.getValue()));
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return files.size();
    }

    /** One file: the folders above it, its name, its content, which nobody changes. */
    static final class File {
        private final List<String> folders;
        private final String name;
        private final byte[] content;

        File(List<String> folders, String name, byte[] content) {
            this.folders = folders;
            this.name = name;
            this.content = content;
        }

        List<String> folders() {
            return folders;
        }

        String name() {
            return name;
        }

        ByteBuffer content() {
            return ByteBuffer.wrap(content).asReadOnlyBuffer();
        }

        String path() {
            var parts = new ArrayList<>(folders);
            parts.add(name);
            return String.join("/", parts);
        }
    }
}
