package dev.runtimeagent.http;

import org.json.JSONWriter;

/** What an answer's body says, as JSON. */
interface Wire {
    /** Writes the fields, in the order of their documentation. */
    void write(JSONWriter fields);

    /** The whole body. */
    default String json() {
        var body = new StringBuilder();
        var fields = new JSONWriter(body).object();
        write(fields);
        fields.endObject();
        return body.toString();
    }
}
