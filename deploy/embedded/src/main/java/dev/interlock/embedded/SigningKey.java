package dev.interlock.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The ES256 key with which an installation without an OIDC issuer signs its own tokens. Services know only
 * {@link #jwksJson()}, its public half.
 */
public final class SigningKey {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    public static final String ISSUER = "interlock-standalone";

    private final KeyPair pair;

    private SigningKey(KeyPair pair) {
        this.pair = pair;
    }

    public static SigningKey generate() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new SigningKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no P-256 curve", e);
        }
    }

    /** The key kept in {@code file} (PEM, mode 0600), made at the first call. */
    public static SigningKey in(Path file) {
        try {
            if (Files.exists(file)) {
                return parse(Files.readString(file, StandardCharsets.US_ASCII));
            }
            var key = generate();
            var part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, key.pem(), StandardCharsets.US_ASCII);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("The signing key " + file + " cannot be used: " + e.getMessage(), e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new EmbeddedException(
                    "The signing key " + file + " is damaged: " + e.getMessage()
                            + ". Restore it from your backup, or remove it to have a new one made (old tokens end).",
                    e);
        }
    }

    private String pem() {
        var mime = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN PRIVATE KEY-----\n"
                + mime.encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n-----BEGIN PUBLIC KEY-----\n"
                + mime.encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static SigningKey parse(String pem) throws GeneralSecurityException {
        var keys = KeyFactory.getInstance("EC");
        return new SigningKey(
                new KeyPair(keys.generatePublic(new X509EncodedKeySpec(section(pem, "PUBLIC KEY"))), (ECPrivateKey)
                        keys.generatePrivate(new PKCS8EncodedKeySpec(section(pem, "PRIVATE KEY")))));
    }

    private static byte[] section(String pem, String name) {
        var begin = "-----BEGIN " + name + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + name + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + name);
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }

    private String keyId() {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
            return BASE64.encodeToString(digest).substring(0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half as a JSON Web Key Set. */
    public String jwksJson() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"" + keyId()
                + "\",\"x\":\"" + coordinate(point.getAffineX()) + "\",\"y\":\"" + coordinate(point.getAffineY())
                + "\"}]}";
    }

    private static String coordinate(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[32];
        int copied = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - copied, fixed, 32 - copied, copied);
        return BASE64.encodeToString(fixed);
    }

    /** A bearer token for {@code name} with Interlock's {@code roles}. */
    public String token(String name, Collection<String> roles, Instant now, Duration validity) {
        var header = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"" + keyId() + "\"}";
        var claims = "{\"iss\":\"" + ISSUER + "\",\"sub\":" + quoted(name) + ",\"roles\":["
                + roles.stream().map(SigningKey::quoted).collect(Collectors.joining(",")) + "],\"iat\":"
                + now.getEpochSecond() + ",\"nbf\":" + now.getEpochSecond() + ",\"exp\":"
                + now.plus(validity).getEpochSecond() + "}";
        var signed = base64(header) + "." + base64(claims);
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
