package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON for everything but inputs and results, which pass through as bytes. Not for the hot path. */
public final class Json {
    private static final ConfigParseOptions STRICT =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The parser reads text between triple quotes even in strict mode; no valid JSON has three quotes in a row. */
    private static final String NEVER_IN_JSON = "\"\"\"";

    private Json() {}

    /**
     * Returns {@code value} as UTF-8 JSON; values are maps with string keys, lists, strings, numbers, booleans and
     * nulls.
     */
    public static byte[] write(Map<String, ?> value) {
        return ConfigValueFactory.fromMap(value)
                .render(ConfigRenderOptions.concise())
                .getBytes(UTF_8);
    }

    /** Returns the members of a JSON object. */
    public static Map<String, Object> readObject(byte[] json) throws ProtocolException {
        return readObject(text(json));
    }

    /** Returns a JSON value of any kind: a map, list, string, number, boolean, or null as the absence from a map. */
    public static @Nullable Object readValue(byte[] json) throws ProtocolException {
        return readObject("{\"value\":" + text(json) + "}").get("value");
    }

    /** Returns {@code text} as a JSON string, in quotes. */
    public static String quote(String text) {
        return ConfigUtil.quoteString(text);
    }

    private static String text(byte[] json) throws ProtocolException {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
            if (text.startsWith(BYTE_ORDER_MARK)) {
                throw new ProtocolException("JSON begins with a byte order mark");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new ProtocolException("JSON is not UTF-8: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> readObject(String json) throws ProtocolException {
        if (json.contains(NEVER_IN_JSON)) {
            throw new ProtocolException("not a JSON object: three quotes in a row");
        }
        try {
            return ConfigFactory.parseReader(new StringReader(json), STRICT)
                    .root()
                    .unwrapped();
        } catch (ConfigException
                | StackOverflowError e) { // deep nesting: the parser recurses, and the peer chose the depth
            throw new ProtocolException("not a JSON object: " + e.getMessage(), e);
        }
    }
}
