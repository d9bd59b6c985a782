package dev.interlock.lab.program;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What pg_dump writes and pg_restore reads. As in PostgreSQL's custom format the contents come first and the data behind them, so
 * that a listing does not see that data is missing. Inside it is the lab's own format: PostgreSQL's programs do not read it.
 */
final class PgArchive {
    static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = {1, 15, 0, 4, 8, 1};

    /** Something in the database; only TABLE DATA has bytes. */
    record Entry(int id, long catalog, long oid, String kind, String schema, String name, String owner, String data) {
        String text() {
            return id + "; " + catalog + " " + oid + " " + kind + " " + schema + " " + name + " " + owner;
        }

        byte[] bytes() {
            return data.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Why a file cannot be read, in pg_restore's words. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    private final String createdAt;
    private final String database;
    private final String serverVersion;
    private final List<Entry> entries;

    PgArchive(String createdAt, String database, String serverVersion, List<Entry> entries) {
        this.createdAt = createdAt;
        this.database = database;
        this.serverVersion = serverVersion;
        this.entries = List.copyOf(entries);
    }

    List<Entry> entries() {
        return entries;
    }

    /** Header and contents only. */
    byte[] contents() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(MAGIC);
        out.write(VERSION);
        out.writeUTF(createdAt);
        out.writeUTF(database);
        out.writeUTF(serverVersion);
        out.writeInt(entries.size());
        for (Entry e : entries) {
            out.writeInt(e.id);
            out.writeLong(e.catalog);
            out.writeLong(e.oid);
            out.writeUTF(e.kind);
            out.writeUTF(e.schema);
            out.writeUTF(e.name);
            out.writeUTF(e.owner);
            out.writeInt(e.bytes().length);
        }
        return bytes.toByteArray();
    }

    byte[] bytes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(contents());
        var out = new DataOutputStream(bytes);
        for (Entry e : entries) {
            out.write(e.bytes());
            out.writeInt(checksum(e.bytes()));
        }
        return bytes.toByteArray();
    }

    private static int checksum(byte[] data) {
        var crc = new CRC32();
        crc.update(data);
        return (int) crc.getValue();
    }

    /** @param data whether to read the data too */
    static PgArchive read(byte[] file, boolean data) throws IOException {
        if (file.length < MAGIC.length) {
            throw new Unreadable("input file is too short (read " + file.length + ", expected 5)");
        }
        if (!Arrays.equals(Arrays.copyOf(file, MAGIC.length), MAGIC)) {
            throw new Unreadable("input file does not appear to be a valid archive");
        }
        try {
            var in = new DataInputStream(new ByteArrayInputStream(file));
            in.skipNBytes(MAGIC.length + VERSION.length);
            String createdAt = in.readUTF();
            String database = in.readUTF();
            String serverVersion = in.readUTF();
            int count = in.readInt();
            var heads = new ArrayList<Entry>();
            var sizes = new ArrayList<Integer>();
            for (int i = 0; i < count; i++) {
                heads.add(new Entry(
                        in.readInt(),
                        in.readLong(),
                        in.readLong(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        ""));
                sizes.add(in.readInt());
            }
            var entries = new ArrayList<Entry>();
            for (int i = 0; data && i < count; i++) {
                Entry head = heads.get(i);
                byte[] bytes = in.readNBytes(sizes.get(i));
                if (in.readInt() != checksum(bytes)) {
                    throw new Unreadable("could not uncompress data: incorrect data check");
                }
                entries.add(new Entry(
                        head.id,
                        head.catalog,
                        head.oid,
                        head.kind,
                        head.schema,
                        head.name,
                        head.owner,
                        new String(bytes, StandardCharsets.UTF_8)));
            }
            return new PgArchive(createdAt, database, serverVersion, data ? entries : heads);
        } catch (EOFException e) {
            throw unreadable("could not read from input file: end of file", e);
        } catch (UTFDataFormatException e) {
            throw unreadable("input file does not appear to be a valid archive", e);
        }
    }

    private static Unreadable unreadable(String text, IOException cause) {
        var unreadable = new Unreadable(text);
        unreadable.initCause(cause);
        return unreadable;
    }

    /** As {@code pg_restore --list}. */
    String listing() {
        var text = new StringBuilder("""
                ;
                ; Archive created at %s
                ;     dbname: %s
                ;     TOC Entries: %d
                ;     Compression: none
                ;     Dump Version: 1.15-0
                ;     Format: CUSTOM
                ;     Integer: 4 bytes
                ;     Offset: 8 bytes
                ;     Dumped from database version: %s
                ;     Dumped by pg_dump version: %s
                ;
                ;
                ; Selected TOC Entries:
                ;
                """.formatted(createdAt, database, entries.size(), serverVersion, PgDump.VERSION));
        entries.forEach(e -> text.append(e.text()).append('\n'));
        return text.toString();
    }
}
