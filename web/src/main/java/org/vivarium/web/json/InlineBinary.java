package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vivarium.api.Payload;

/** Puts binary data into JSON as base64 text, in place of the objects that stand for them. */
public final class InlineBinary {
    /** Cannot match inside of a text, where quotation marks have a backslash before them. */
    private static final Pattern STAND_IN = Pattern.compile("\\{\\s*\"\\$bytes\"\\s*:\\s*(\\d{1,9})\\s*}");

    private InlineBinary() {}

    /** Returns the JSON of {@code payload} with all of its data inside; in UTF-8. */
    public static byte[] json(Payload payload) {
        List<byte[]> attachments = payload.attachments();
        return attachments.isEmpty() ? payload.json() : text(payload).getBytes(UTF_8);
    }

    private static String text(Payload payload) {
        List<byte[]> attachments = payload.attachments();
        Matcher standIns = STAND_IN.matcher(new String(payload.json(), UTF_8));
        return standIns.replaceAll(found ->
                '"' + Base64.getEncoder().encodeToString(attachments.get(Integer.parseInt(found.group(1)))) + '"');
    }
}
