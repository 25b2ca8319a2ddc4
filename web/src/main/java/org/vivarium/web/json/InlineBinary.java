package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vivarium.api.Payload;

/** JSON in UTF-8 with binary data in it, as base64 text in place of the objects that stand for them. */
public final class InlineBinary {
    /** Cannot match inside of a text, where quotation marks have a backslash before them. */
    private static final Pattern STAND_IN = Pattern.compile("\\{\\s*\"\\$bytes\"\\s*:\\s*(\\d{1,9})\\s*}");

    /** Bytes that are encoded at once; a multiple of three, so that only the last piece has padding. */
    private static final int PIECE = 48 << 10;

    private static final byte[] QUOTE = {'"'};

    private final List<Piece> pieces;

    private InlineBinary(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** A part of an array, as it is or as base64 text. */
    @SuppressWarnings("ArrayRecordComponent") // shared, never compared
    private record Piece(byte[] bytes, int from, int to, boolean encoded) {
        long length() {
            return encoded ? (to - from + 2L) / 3 * 4 : to - from;
        }
    }

    /** Returns the text of {@code payload}, which is encoded piece by piece when it is asked for. */
    public static InlineBinary of(Payload payload) {
        byte[] json = payload.json();
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        if (!payload.attachments().isEmpty()) {
            Matcher standIns = STAND_IN.matcher(new String(json, ISO_8859_1)); // a character is a byte
            while (standIns.find()) {
                pieces.add(new Piece(json, at, standIns.start(), false));
                pieces.add(new Piece(QUOTE, 0, 1, false));
                byte[] data = payload.attachments().get(Integer.parseInt(standIns.group(1)));
                pieces.add(new Piece(data, 0, data.length, true));
                pieces.add(new Piece(QUOTE, 0, 1, false));
                at = standIns.end();
            }
        }
        pieces.add(new Piece(json, at, json.length, false));
        return new InlineBinary(pieces);
    }

    /** Returns the length of the text in bytes. */
    public long length() {
        return pieces.stream().mapToLong(Piece::length).sum();
    }

    /** Returns the text in buffers on arrays. */
    public Iterator<ByteBuffer> buffers() {
        return pieces.size() == 1 ? Collections.singleton(plain(pieces.get(0))).iterator() : new Buffers();
    }

    private static ByteBuffer plain(Piece piece) {
        return ByteBuffer.wrap(piece.bytes, piece.from, piece.to - piece.from);
    }

    private final class Buffers implements Iterator<ByteBuffer> {
        private int next;
        private int done; // of the next piece

        @Override
        public boolean hasNext() {
            while (next < pieces.size() && done == pieces.get(next).to - pieces.get(next).from) {
                next++;
                done = 0;
            }
            return next < pieces.size();
        }

        @Override
        public ByteBuffer next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all was given");
            }
            Piece piece = pieces.get(next);
            if (!piece.encoded) {
                done = piece.to - piece.from;
                return plain(piece);
            }
            int from = piece.from + done;
            int length = Math.min(PIECE, piece.to - from);
            done += length;
            return Base64.getEncoder().encode(ByteBuffer.wrap(piece.bytes, from, length));
        }
    }
}
