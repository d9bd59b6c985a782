package dev.interlock.license.adapter.jdbc;

import dev.interlock.license.app.ServerIdentities;
import dev.interlock.license.domain.ServerId;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import java.util.UUID;

/** Rows of {@code server_identity}; in the database, so that every instance of the service signs for the same servers. */
@Singleton
@Connectable
public class JdbcServerIdentities implements ServerIdentities {
    private final JdbcOperations jdbc;

    JdbcServerIdentities(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String machineId(ServerId server) {
        make(server);
        return jdbc.prepareStatement("select machine_id from server_identity where server_id = ?", select -> {
            select.setObject(1, server.value());
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        });
    }

    @Override
    public Identity next(ServerId server) {
        make(server);
        return jdbc.prepareStatement("""
                update server_identity set last_sequence = last_sequence + 1 where server_id = ?
                returning machine_id, public_key, private_key, last_sequence
                """, update -> {
            update.setObject(1, server.value());
            try (var rows = update.executeQuery()) {
                rows.next();
                return new Identity(rows.getString(1), keys(rows.getBytes(2), rows.getBytes(3)), rows.getLong(4));
            }
        });
    }

    private static KeyPair keys(byte[] publicKey, byte[] privateKey) {
        try {
            var factory = KeyFactory.getInstance("Ed25519");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKey)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of a license server cannot be read", e);
        }
    }

    private void make(ServerId server) {
        boolean there = jdbc.prepareStatement("select 1 from server_identity where server_id = ?", select -> {
            select.setObject(1, server.value());
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        });
        if (there) {
            return;
        }
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            jdbc.prepareStatement("""
                    insert into server_identity (server_id, machine_id, public_key, private_key) values (?, ?, ?, ?)
                    on conflict (server_id) do nothing
                    """, insert -> {
                insert.setObject(1, server.value());
                insert.setString(2, UUID.randomUUID().toString().toUpperCase(Locale.ROOT));
                insert.setBytes(3, pair.getPublic().getEncoded());
                insert.setBytes(4, pair.getPrivate().getEncoded());
                return insert.executeUpdate();
            });
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java since 15 has Ed25519", impossible);
        }
    }
}
