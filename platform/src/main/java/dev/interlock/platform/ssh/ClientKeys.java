package dev.interlock.platform.ssh;

import dev.interlock.platform.credentials.Credential;
import dev.interlock.platform.credentials.CredentialException;
import java.io.IOException;
import java.security.KeyPair;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/** Parsed private keys: decrypting one takes a tenth of a second, and two hundred hosts share it. */
final class ClientKeys {

    private record Parsed(String version, KeyProvider key) {}

    private final WiringConfig config;
    private final ConcurrentHashMap<String, Parsed> parsed = new ConcurrentHashMap<>();

    ClientKeys(WiringConfig config) {
        this.config = config;
    }

    KeyProvider of(Credential.PrivateKey credential) {
        return parsed.compute(
                        credential.name(),
                        (name, known) -> known != null && known.version().equals(credential.version())
                                ? known
                                : new Parsed(credential.version(), parse(credential)))
                .key();
    }

    private KeyProvider parse(Credential.PrivateKey credential) {
        try {
            var pem = credential.pem().reveal();
            var ed25519 = Pkcs8Ed25519.read(pem);
            if (ed25519 != null) {
                return new KeyPairWrapper(ed25519);
            }
            var format = KeyProviderUtil.detectKeyFileFormat(pem, false);
            FileKeyProvider file = Factory.Named.Util.create(config.getFileKeyProviderFactories(), format.toString());
            if (file == null) {
                throw unusable(credential, "its format is not known");
            }
            var passphrase = credential.passphrase();
            var finder = passphrase == null
                    ? null
                    : PasswordUtils.createOneOff(passphrase.reveal().toCharArray());
            file.init(pem, null, finder);
            return new KeyPairWrapper(new KeyPair(file.getPublic(), file.getPrivate()));
        } catch (IOException | RuntimeException failed) {
            if (failed instanceof CredentialException ours) {
                throw ours;
            }
            // the parser's message may quote the key; only its kind goes on
            throw unusable(credential, "it cannot be read (" + failed.getClass().getSimpleName() + ")");
        }
    }

    private static CredentialException unusable(Credential.PrivateKey credential, String why) {
        return new CredentialException(
                credential.name(),
                "The private key " + credential.name() + " cannot be used: " + why + ".",
                "Store an OpenSSH, PKCS#8 or PEM key (ed25519, ecdsa or rsa), and its passphrase in "
                        + credential.name() + ".passphrase if it is encrypted.");
    }
}
