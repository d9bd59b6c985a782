package dev.interlock.platform.ssh;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Ed25519 keys as OpenSSL and Java write them; sshj reads only OpenSSH's own form of these. */
final class Pkcs8Ed25519 {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private Pkcs8Ed25519() {}

    /** Returns null for every other kind of key. */
    static @Nullable KeyPair read(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            return null;
        }
        try {
            var encoded = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            var key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (!(key instanceof EdECPrivateKey secret)) {
                return null;
            }
            var seed = secret.getBytes().orElseThrow();
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed)); // the public key follows from the seed
            return new KeyPair(generator.generateKeyPair().getPublic(), key);
        } catch (GeneralSecurityException | IllegalArgumentException anotherKind) {
            return null;
        }
    }

    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Fixed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
