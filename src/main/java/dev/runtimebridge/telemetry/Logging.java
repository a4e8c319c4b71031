package dev.runtimebridge.telemetry;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sets up the log of the process: one line an entry, UTC, the level, the short name of the class,
 * the message.
 */
public final class Logging {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LARGEST_FILE_BYTES = 16 * 1024 * 1024;
    private static final int FILES = 3;

    /** Whose chatter is no news to an operator. */
    private static final List<String> QUIET =
            List.of(
                    "org.eclipse.jetty",
                    "io.javalin",
                    "org.flywaydb",
                    "com.zaxxer",
                    "jdk.event",
                    "com.github.dockerjava");

    /** Held strongly: the JDK forgets the level of a logger that nobody holds. */
    private static final List<Logger> HELD = QUIET.stream().map(Logger::getLogger).toList();

    private Logging() {}

    /** Everything to the error stream; with {@code debug} in detail. */
    public static void toConsole(boolean debug) {
        var console = new ConsoleHandler();
        install(debug, console);
        console.setLevel(debug ? Level.FINE : Level.INFO);
    }

    /**
     * Everything to {@code folder/bridge.0.log}, kept below 16 MiB, with two older ones beside it;
     * warnings also to the error stream.
     *
     * @throws IOException when the file cannot be written
     */
    public static void toFolder(Path folder, boolean debug) throws IOException {
        var pattern = folder.toString().replace("%", "%%") + "/bridge.%g.log";
        var handler = new UntilClosed(pattern);
        handler.setLevel(debug ? Level.FINE : Level.INFO);
        var console = new ConsoleHandler();
        install(debug, handler, console);
        console.setLevel(Level.WARNING);
    }

    private static void install(boolean debug, Handler... handlers) {
        var root = Logger.getLogger("");
        for (var old : root.getHandlers()) {
            root.removeHandler(old);
        }
        for (var handler : handlers) {
            handler.setFormatter(new OneLine());
            root.addHandler(handler);
        }
        root.setLevel(Level.INFO);
        Logger.getLogger("dev.runtimebridge").setLevel(debug ? Level.FINE : Level.INFO);
        HELD.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** The JDK closes it when the process is told to end, and complains of whatever comes after. */
    private static final class UntilClosed extends FileHandler {
        private boolean closed;

        UntilClosed(String pattern) throws IOException {
            super(pattern, LARGEST_FILE_BYTES, FILES, true);
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            if (!closed) {
                super.publish(entry);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            super.close();
        }
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            var name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
            var line =
                    new StringBuilder(TIME.format(entry.getInstant()))
                            .append(' ')
                            .append(entry.getLevel())
                            .append(' ')
                            .append(name.substring(name.lastIndexOf('.') + 1))
                            .append(": ")
                            .append(formatMessage(entry).replace('\n', ' ').replace('\r', ' '))
                            .append('\n');
            if (entry.getThrown() != null) {
                var trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }
    }
}
