package dev.interlock.edge.site;

import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of the page and of the documentation, from the class path, with the compressed ones that the build put beside them. Read
 * once; together they have a few megabytes. */
@Singleton
class Site {

    static final String PAGE = "console/";
    static final String DOCUMENTATION = "docs-site/";

    /** No way up, nothing hidden; and a dot in the last name, since folders are resources too. */
    private static final Pattern SAFE_PATH =
            Pattern.compile("(?:[A-Za-z0-9_@$~-][A-Za-z0-9._@$~-]*/)*[A-Za-z0-9_@$~-]+\\.[A-Za-z0-9._@$~-]+");

    /** Names by content, as bundlers give them: {@code assets/index-B2sVIrpO.js}. */
    private static final Pattern NAMED_BY_CONTENT =
            Pattern.compile("(?:.*/)?assets/(?:.*/)?[^/]*[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9.]+");

    private final ClassLoader classPath = Site.class.getClassLoader();
    private final ConcurrentHashMap<String, File> kept = new ConcurrentHashMap<>();

    /** One file with what is sent of it. */
    static final class File {
        private final byte[] plain;
        private final byte @Nullable [] brotli;
        private final byte @Nullable [] gzip;
        private final MediaType type;
        private final String etag;
        private final boolean lasting;

        private File(byte[] plain, byte @Nullable [] brotli, byte @Nullable [] gzip, MediaType type, boolean lasting) {
            this.plain = plain;
            this.brotli = brotli;
            this.gzip = gzip;
            this.type = type;
            this.etag = digest(plain);
            this.lasting = lasting;
        }

        byte[] plain() {
            return plain;
        }

        /** Null where the build did not compress it. */
        byte @Nullable [] brotli() {
            return brotli;
        }

        byte @Nullable [] gzip() {
            return gzip;
        }

        MediaType type() {
            return type;
        }

        /** Of the plain content. */
        String etag() {
            return etag;
        }

        /** It never changes under its name. */
        boolean isLasting() {
            return lasting;
        }
    }

    /** @param path below {@code folder}, as it stands in the address */
    Optional<File> find(String folder, String path) {
        if (!SAFE_PATH.matcher(path).matches() || path.endsWith(".br") || path.endsWith(".gz")) {
            return Optional.empty();
        }
        var name = folder + path;
        var known = kept.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        var plain = read(name);
        if (plain == null) {
            return Optional.empty();
        }
        var file = new File(
                plain,
                read(name + ".br"),
                read(name + ".gz"),
                type(path),
                NAMED_BY_CONTENT.matcher(path).matches());
        kept.put(name, file);
        return Optional.of(file);
    }

    /** Why the build made no page; empty where it did. */
    Optional<String> whyNoPage() {
        var reason = read("edge/no-page.txt");
        return Optional.ofNullable(reason).map(text -> new String(text, StandardCharsets.UTF_8).strip());
    }

    private byte @Nullable [] read(String name) {
        var resource = classPath.getResource(name);
        if (resource == null) {
            return null;
        }
        try (var in = resource.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MediaType type(String path) {
        var type = MediaType.forFilename(path);
        return MediaType.isTextBased(type.getName()) && type.getCharset().isEmpty()
                ? MediaType.of(type.getName() + ";charset=utf-8")
                : type;
    }

    private static String digest(byte[] content) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
