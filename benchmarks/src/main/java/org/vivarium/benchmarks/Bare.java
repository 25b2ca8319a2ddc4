package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** One bare socket and JSON exchange with a Python process of its own, the same interpreter as the pool's. */
final class Bare implements AutoCloseable {
    private static final byte[] INPUTS = "{\"text\":\"hello\",\"n\":42}".getBytes(UTF_8);

    private final Process process;
    private final SocketChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1024);

    Bare(Path directory) throws IOException {
        Path script = directory.resolve("bare.py");
        try (InputStream source = Bare.class.getResourceAsStream("/bare.py")) {
            Files.write(script, source.readAllBytes());
        }
        Path path = Files.createTempDirectory(directory, "bare").resolve("s");
        process = new ProcessBuilder("python3", script.toString(), path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.inputReader().readLine() == null) {
            throw new IOException("bare.py did not start");
        }
        socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(path));
    }

    int exchange() {
        try {
            buffer.clear().putInt(INPUTS.length).put(INPUTS).flip();
            socket.write(buffer);
            buffer.clear();
            do {
                if (socket.read(buffer) < 0) {
                    throw new IOException("bare.py has ended");
                }
            } while (buffer.position() < 4 || buffer.position() < 4 + buffer.getInt(0));
            return buffer.position();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.destroy();
    }
}
