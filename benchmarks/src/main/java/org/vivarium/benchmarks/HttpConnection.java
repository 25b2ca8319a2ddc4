package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/**
 * A connection that is kept alive and sends the same request again and again. It knows only as much of HTTP/1.1 as the
 * servers here need, so that the client takes little of the processors that it shares with them. For one thread.
 */
final class HttpConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String LENGTH = "\r\ncontent-length:";
    private static final String END = "\r\n\r\n";

    private final Socket socket;
    private final byte[] request;
    private final byte[] buffer = new byte[8192];
    private int filled;

    /** Connects to {@code port} of this machine. */
    HttpConnection(int port, String request) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.request = request.getBytes(UTF_8);
    }

    /** Returns a request; each of {@code headers} is a whole line. */
    static String post(String path, String headers, String json) {
        return String.format(
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s",
                path, json.getBytes(UTF_8).length, headers, json);
    }

    /** Sends the request and returns the body of the response, whose status must be 200. */
    String exchange() {
        try {
            socket.getOutputStream().write(request);
            filled = 0;
            int head = readHead();
            String headers = new String(buffer, 0, head, ISO_8859_1);
            int end = head + length(headers);
            while (filled < end) {
                read();
            }
            String body = new String(buffer, head, end - head, UTF_8);
            if (!headers.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(headers + body);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int readHead() throws IOException {
        while (true) {
            read();
            int end = new String(buffer, 0, filled, ISO_8859_1).indexOf(END);
            if (end >= 0) {
                return end + END.length();
            }
        }
    }

    private static int length(String headers) throws IOException {
        String lower = headers.toLowerCase(Locale.ROOT);
        int name = lower.indexOf(LENGTH);
        if (name < 0) {
            throw new IOException("a response without Content-Length: " + headers);
        }
        int value = name + LENGTH.length();
        return Integer.parseInt(
                lower.substring(value, lower.indexOf('\r', value)).strip());
    }

    private void read() throws IOException {
        InputStream in = socket.getInputStream();
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            throw new EOFException("the response has no end, or is longer than " + buffer.length + " bytes");
        }
        filled += read;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
