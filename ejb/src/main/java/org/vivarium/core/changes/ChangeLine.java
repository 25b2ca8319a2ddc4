package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.operation.JsonText;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/**
 * A record as one line of JSON, and back.
 *
 * <p>The order of the members is fixed. The hash is the last one and covers all bytes of the line before it, closed by
 * a brace, so that it can be checked with any tool and without a JSON parser, see docs/MANAGEMENT.md.
 */
final class ChangeLine {
    /** What the first record has as the hash of the one before it. */
    static final String NOTHING_BEFORE = "0".repeat(64);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern SHAPE = Pattern.compile(
            "(\\{\"sequence\":(\\d{1,18}),\"time\":\"[^\"]+\",.*,\"previous\":\"([0-9a-f]{64})\"),\"hash\":\"([0-9a-f]{64})\"}",
            Pattern.DOTALL);

    private ChangeLine() {}

    /**
     * What links a line to others.
     *
     * @param sound whether the hash is that of the text
     */
    record Link(long sequence, String previous, String hash, boolean sound) {}

    /** Returns a new line without its end, and the hash in it. */
    static Link append(StringBuilder out, long sequence, Instant time, Entry entry, String previous) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        Change change = entry.change();
        members.put("sequence", sequence);
        members.put("time", TIME.format(time));
        members.put("actor", Change.cut(change.actor().name()));
        members.put("door", change.actor().origin());
        members.put("address", change.actor().address());
        members.put("kind", change.kind());
        members.put("pool", change.pool());
        members.put("type", change.type());
        members.put("subject", change.subject());
        members.put("old", change.before());
        members.put("new", change.after());
        members.put("reason", change.reason());
        members.put("outcome", entry.refusal() == null ? ChangeRecord.DONE : ChangeRecord.REFUSED);
        members.put("message", entry.refusal() == null ? null : Change.cut(entry.refusal()));
        members.put("previous", previous);
        String text = JsonText.of(members);
        String open = text.substring(0, text.length() - 1);
        String hash = hash(open);
        out.append(open).append(",\"hash\":\"").append(hash).append("\"}\n");
        return new Link(sequence, previous, hash, true);
    }

    /** What is to be written: a change, and the sentence with which it was refused if it was. */
    record Entry(Change change, @Nullable String refusal) {}

    private static String hash(String open) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(open.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest("}".getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns what links {@code line}, without its end, to others; {@code null} if it is no record. */
    static @Nullable Link link(String line) {
        Matcher matcher = SHAPE.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        String hash = matcher.group(4);
        return new Link(
                Long.parseLong(matcher.group(2)),
                matcher.group(3),
                hash,
                hash(matcher.group(1)).equals(hash));
    }

    /** Returns the record that {@code line} holds; {@code null} if it holds none, whatever its hash says. */
    static @Nullable ChangeRecord read(String line) {
        Link link = link(line);
        if (link == null) {
            return null;
        }
        try {
            Map<String, Object> members = Json.readObject(line.getBytes(UTF_8));
            Actor actor = new Actor(text(members, "actor", ""), text(members, "door", ""), text(members, "address"));
            Change change = Change.of(actor, text(members, "kind", ""), text(members, "pool"))
                    .from(members.get("old"), members.get("new"))
                    .because(text(members, "reason"));
            String type = text(members, "type");
            return new ChangeRecord(
                    link.sequence(),
                    Instant.parse(text(members, "time", "")),
                    type == null ? change : change.about(type, text(members, "subject", "")),
                    text(members, "message"),
                    link.previous(),
                    link.hash());
        } catch (ProtocolException | RuntimeException e) { // somebody has edited it
            return null;
        }
    }

    private static @Nullable String text(Map<String, Object> members, String name) {
        Object value = members.get(name);
        return value == null ? null : value.toString();
    }

    private static String text(Map<String, Object> members, String name, String otherwise) {
        String text = text(members, name);
        return text == null ? otherwise : text;
    }
}
