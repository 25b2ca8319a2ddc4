package org.vivarium.web.security.users;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A password as it is kept: salted and stretched by PBKDF2 with HMAC-SHA256. Immutable. */
public final class PasswordHash {
    /** Some 100 ms of CPU for each guess; a call by Basic pays it once a minute. */
    static final int ITERATIONS = 210_000;

    private static final String SCHEME = "pbkdf2-sha256";
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Returns a fresh hash of {@code password}; takes some 100 ms. */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, stretch(password, salt, ITERATIONS));
    }

    /**
     * Returns the hash that {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if {@code text} is none, or too weak
     */
    public static PasswordHash parse(String text) {
        List<String> parts = List.of(text.split(":", -1));
        if (parts.size() != 4 || !parts.get(0).equals(SCHEME) || !parts.get(1).matches("\\d{6,8}")) {
            throw new IllegalArgumentException("a hash looks like " + SCHEME + ":" + ITERATIONS + ":salt:hash");
        }
        int iterations = Integer.parseInt(parts.get(1));
        if (iterations < ITERATIONS) {
            throw new IllegalArgumentException(
                    "a hash needs at least " + ITERATIONS + " iterations, has " + iterations);
        }
        Base64.Decoder decoder = Base64.getDecoder();
        return new PasswordHash(iterations, decoder.decode(parts.get(2)), decoder.decode(parts.get(3)));
    }

    /**
     * Returns whether this is the hash of {@code password}; takes some 100 ms, as long for a wrong one as for the right
     * one.
     */
    public boolean matches(String password) {
        return MessageDigest.isEqual(hash, stretch(password, salt, iterations));
    }

    private static byte[] stretch(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    /** Returns the text in the file of users. */
    @Override
    public String toString() {
        Base64.Encoder encoder = Base64.getEncoder();
        return SCHEME + ':' + iterations + ':' + encoder.encodeToString(salt) + ':' + encoder.encodeToString(hash);
    }
}
