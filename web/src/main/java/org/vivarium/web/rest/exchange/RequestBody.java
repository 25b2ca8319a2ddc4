package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.ByteArrayInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.CodingErrorAction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vivarium.api.ErrorType;
import org.vivarium.web.json.Problem;

/** The body of a request, read up to a limit and checked to be JSON. */
public final class RequestBody {
    private static final int MEBIBYTE = 1_048_576;
    private static final int MOST_INPUTS = 64 * MEBIBYTE;
    private static final int MOST_LEVELS = 500; // parsers, Python's included, give up at about a thousand

    // The provider is looked up once: by ServiceLoader, which costs more than to read a small body.
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    private final byte[] bytes;

    private RequestBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the inputs of a program: at most 64 MiB. */
    public static RequestBody inputs(InputStream body) {
        return new RequestBody(read(body, MOST_INPUTS));
    }

    /** Reads the body of anything else: at most 1 MiB. */
    public static RequestBody small(InputStream body) {
        return new RequestBody(read(body, MEBIBYTE));
    }

    /**
     * Returns at most {@code limit} bytes; a longer body is noticed while it is read, whatever its length was said to
     * be.
     */
    static byte[] read(InputStream body, int limit) {
        try {
            byte[] bytes = body.readNBytes(limit);
            if (bytes.length == limit && body.read() >= 0) {
                throw new ProblemException(
                        Problem.of(ErrorType.BODY_TOO_LARGE, "the body is longer than " + limit + " bytes"));
            }
            return bytes;
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(ErrorType.BODY_NOT_READ, "the body cannot be read: " + e.getMessage()));
        }
    }

    /**
     * Returns the bytes, after checking that they are one JSON object; no bytes at all are no inputs.
     *
     * @throws ProblemException with status 400 if they are no JSON, 422 if they are no object
     */
    public byte[] checkedObject() {
        if (bytes.length == 0) {
            return bytes;
        }
        Text text = new Text(bytes);
        try (JsonParser parser = PARSERS.createParser(text)) {
            if (parser.next() != JsonParser.Event.START_OBJECT) {
                throw notAnObject();
            }
            int levels = 1;
            while (parser.hasNext()) { // hasNext complains about what follows the object
                levels += step(parser.next());
                if (levels > MOST_LEVELS) {
                    throw malformed("it is nested more than " + MOST_LEVELS + " levels deep");
                }
            }
            return bytes;
        } catch (JsonException e) {
            throw malformed(text, e);
        }
    }

    /** Returns how many levels deeper the parser is after {@code event}. */
    private static int step(JsonParser.Event event) {
        return switch (event) {
            case START_ARRAY, START_OBJECT -> 1;
            case END_ARRAY, END_OBJECT -> -1;
            case KEY_NAME, VALUE_STRING, VALUE_NUMBER, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> 0;
        };
    }

    /** Returns the members of the object: text, numbers and booleans, as the JDK has them. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        object().forEach((name, value) -> members.put(name, plain(name, value)));
        return members;
    }

    /** Returns the member {@code name}, which must be a whole number. */
    public int wholeNumber(String name) {
        try {
            if (members().get(name) instanceof BigDecimal number) {
                return number.intValueExact();
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + " must be a whole number", e);
        }
        throw new IllegalArgumentException("the body must have the member " + name + ", a whole number");
    }

    private JsonObject object() {
        Text text = new Text(checkedObject());
        try (JsonReader reader = READERS.createReader(text)) {
            return reader.readObject();
        } catch (JsonException e) {
            throw malformed(text, e);
        }
    }

    private static Object plain(String name, JsonValue value) {
        return switch (value.getValueType()) {
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> ((JsonNumber) value).bigDecimalValue();
            case TRUE -> true;
            case FALSE -> false;
            case NULL, ARRAY, OBJECT ->
                throw new IllegalArgumentException(name + " must be a number, a boolean or text, was " + value);
        };
    }

    private static ProblemException malformed(Text text, JsonException cause) {
        return malformed(
                text.hasEnded ? "something is missing or wrong at its end" : String.valueOf(cause.getMessage()));
    }

    private static ProblemException malformed(String reason) {
        return new ProblemException(Problem.of(ErrorType.MALFORMED_JSON, "the body is not JSON in UTF-8: " + reason));
    }

    private static ProblemException notAnObject() {
        return new ProblemException(Problem.of(ErrorType.INVALID_INPUT, "the body must be a JSON object"));
    }

    /**
     * Bytes as text; what is no UTF-8 is an error and not a question mark. It notices when a parser has asked for more
     * than there is: the position in the parser's message is wrong then, since it counts again what it had buffered.
     */
    private static final class Text extends FilterReader {
        private boolean hasEnded;

        Text(byte[] bytes) {
            super(new InputStreamReader(
                    new ByteArrayInputStream(bytes),
                    UTF_8.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            hasEnded |= read < 0;
            return read;
        }
    }
}
