package org.vivarium.web.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request whose body is there, once it was filled. */
final class BufferedRequest extends HttpServletRequestWrapper {
    private volatile byte[] body = {};
    private @Nullable ServletInputStream stream;

    BufferedRequest(HttpServletRequest request) {
        super(request);
    }

    /** Takes the body; before anybody else sees the request. */
    void fill(byte[] bytes) {
        body = bytes;
    }

    @Override
    public ServletInputStream getInputStream() {
        if (stream == null) {
            stream = new Body(new ByteArrayInputStream(body)); // one: some ask for it at each read
        }
        return stream;
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(getInputStream(), UTF_8));
    }

    /** Returns a field of a form: the container would look for it in the body that it does not have any more. */
    @Override
    public @Nullable String getParameter(String name) {
        return Arrays.stream(new String(body, UTF_8).split("&", -1))
                .map(field -> field.split("=", 2))
                .filter(field -> field.length == 2 && decoded(field[0]).equals(name))
                .map(field -> decoded(field[1]))
                .findFirst()
                .orElse(null);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) { // no escape of a form: taken as it is
            return text;
        }
    }

    /** The body as a stream that is always ready. */
    private static final class Body extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        Body(ByteArrayInputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("the body has been read");
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return bytes.read(target, offset, length);
        }
    }
}
