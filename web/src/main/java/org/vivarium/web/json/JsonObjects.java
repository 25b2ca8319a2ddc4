package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorType;

/** Checks JSON without building anything of it: a text of 60 MB takes no memory besides its own. Thread safe. */
public final class JsonObjects {
    private static final int DEEPEST = 500; // parsers, Python's included, give up at about a thousand
    private static final int CHARACTERS = 8 << 10;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private JsonObjects() {}

    /**
     * Returns what is wrong with {@code bytes} as one JSON object in UTF-8, or {@code null} if nothing is; no bytes at
     * all are no inputs.
     */
    public static @Nullable Problem problem(byte[] bytes) {
        if (bytes.length == 0) {
            return null;
        }
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Problem.of(ErrorType.INVALID_INPUT, "the body must be a JSON object");
            }
            parser.skipChildren();
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                return malformed("the object has no end", parser.currentLocation());
            }
            return parser.nextToken() == null
                    ? undecodable(bytes)
                    : malformed("something follows the object", parser.currentTokenLocation());
        } catch (StreamConstraintsException e) {
            return malformed("it is nested more than " + DEEPEST + " levels deep", e.getLocation());
        } catch (JsonProcessingException e) {
            return malformed(e.getOriginalMessage(), e.getLocation());
        } catch (IOException e) { // there is no I/O
            throw new UncheckedIOException(e);
        }
    }

    private static Problem malformed(String what, @Nullable JsonLocation place) {
        String where = place == null ? "" : " (line %d, column %d)".formatted(place.getLineNr(), place.getColumnNr());
        return Problem.of(ErrorType.MALFORMED_JSON, "the body is not JSON in UTF-8: " + what + where);
    }

    /** The parser lets some sequences pass that are no UTF-8. */
    private static @Nullable Problem undecodable(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(CHARACTERS);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            result = decoder.decode(in, out.clear(), true);
        }
        return result.isError()
                ? Problem.of(
                        ErrorType.MALFORMED_JSON,
                        "the body is not JSON in UTF-8: the byte at offset " + in.position() + " is no UTF-8")
                : null;
    }
}
