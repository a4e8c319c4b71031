package dev.runtimeagent.json;

import java.io.IOException;

/** A text is not what it should be; the message, one line, says what is wrong with it. */
public final class NotJson extends IOException {
    private static final long serialVersionUID = 1L;

    NotJson(String message, Throwable cause) {
        super(message, cause);
    }
}
