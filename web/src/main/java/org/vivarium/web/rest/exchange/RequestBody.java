package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vivarium.api.ErrorType;
import org.vivarium.web.json.JsonObjects;
import org.vivarium.web.json.Problem;

/** The body of a request, checked to be JSON. */
public final class RequestBody {
    private static final Problem NO_OBJECT = Problem.of(ErrorType.INVALID_INPUT, "the body must be a JSON object");

    // The provider is looked up once: by ServiceLoader, which costs more than to read a small body.
    private static final JsonReaderFactory READERS = JsonProvider.provider().createReaderFactory(Map.of());

    private final byte[] bytes;

    private RequestBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the body of anything but a call, whose length the filter of bodies has limited. */
    public static RequestBody small(InputStream body) {
        try {
            return new RequestBody(body.readAllBytes());
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(ErrorType.BODY_NOT_READ, "the body cannot be read: " + e.getMessage()));
        }
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

    /** Returns the member {@code name}, which must be text. */
    public String text(String name) {
        if (members().get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the body must have the member " + name + ", a text");
    }

    private JsonObject object() {
        Problem problem = bytes.length == 0 ? NO_OBJECT : JsonObjects.problem(bytes);
        if (problem != null) {
            throw new ProblemException(problem);
        }
        try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(bytes), UTF_8)) {
            return reader.readObject();
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
}
