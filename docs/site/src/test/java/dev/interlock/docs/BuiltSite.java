package dev.interlock.docs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The folder of static files that the build made, and what is wrong with it. */
record BuiltSite(Path folder) {
    static final String BASE = "/docs/";

    private static final Pattern FROM_STYLE = Pattern.compile("(?:url\\(|@import)\\s*['\"]?([^'\")\\s;]+)");

    /** What the build of this module has made. Without Node.js there is nothing to look at, and the build has said so. */
    static BuiltSite ofThisBuild() {
        var site = new BuiltSite(Path.of("target/classes/docs-site").toAbsolutePath());
        assumeTrue(
                Files.exists(site.folder.resolve("events.html")),
                "the documentation site was not built: the build says why");
        return site;
    }

    List<Path> pages() {
        return files(".html");
    }

    Document page(String name) {
        return parse(folder.resolve(name));
    }

    /** Each link inside the site that leads to no file, or to no place in its page. */
    List<String> deadLinks() {
        var documents = new HashMap<Path, Document>();
        var dead = new ArrayList<String>();
        for (Path page : pages()) {
            for (Element element :
                    documents.computeIfAbsent(page, BuiltSite::parse).select("[href], [src]")) {
                String link = element.hasAttr("href") ? element.attr("href") : element.attr("src");
                if (link.startsWith("/") || !link.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
                    fault(page, link, documents)
                            .ifPresent(fault -> dead.add(folder.relativize(page) + ": " + link + " " + fault));
                }
            }
        }
        return dead;
    }

    /** Which of the links that others have to the site, such as {@code /docs/events.html#hostdiscovered}, are dead. */
    List<String> dead(Collection<String> links) {
        var documents = new HashMap<Path, Document>();
        return links.stream()
                .flatMap(link -> fault(folder.resolve("index.html"), link, documents).stream()
                        .map(fault -> link + " " + fault))
                .toList();
    }

    private Optional<String> fault(Path page, String link, Map<Path, Document> documents) {
        String path = link.replaceFirst("[?#].*", "");
        Path target = path.isEmpty()
                ? page
                : path.startsWith(BASE)
                        ? folder.resolve(path.substring(BASE.length()))
                        : path.startsWith("/")
                                ? Path.of("/outside")
                                : page.resolveSibling(path).normalize();
        if (Files.isDirectory(target)) {
            target = target.resolve("index.html");
        }
        if (!Files.exists(target)) {
            return Optional.of("leads to no file of the site");
        }
        int hash = link.indexOf('#');
        if (hash < 0 || hash + 1 == link.length()) {
            return Optional.empty();
        }
        boolean there = target.toString().endsWith(".html")
                && documents.computeIfAbsent(target, BuiltSite::parse).getElementById(link.substring(hash + 1)) != null;
        return there ? Optional.empty() : Optional.of("leads to no place in its page");
    }

    /** What a browser would fetch from elsewhere just to show a page. Links that a person may follow are none. */
    List<String> fetchedFromElsewhere() {
        var found = new ArrayList<String>();
        for (Path page : pages()) {
            for (Element element : parse(page)
                    .select(
                            "script[src], link[href], img[src], iframe[src], source[src], video[src], audio[src], embed[src],"
                                    + " object[data], form[action]")) {
                for (String attribute : List.of("src", "href", "data", "action")) {
                    if (elsewhere(element.attr(attribute))) {
                        found.add(folder.relativize(page) + ": " + element.attr(attribute));
                    }
                }
            }
        }
        for (Path style : files(".css")) {
            Matcher matcher = FROM_STYLE.matcher(read(style));
            while (matcher.find()) {
                if (elsewhere(matcher.group(1))) {
                    found.add(folder.relativize(style) + ": " + matcher.group(1));
                }
            }
        }
        return found;
    }

    /** Pages with scripts inside, which a strict content security policy would not run. */
    List<String> scriptsInside() {
        return pages().stream()
                .filter(page -> parse(page).select("script:not([src])").stream()
                        .anyMatch(script -> !script.attr("type").endsWith("json")))
                .map(page -> folder.relativize(page).toString())
                .toList();
    }

    private static boolean elsewhere(String address) {
        return address.startsWith("//") || address.matches("(?i)(https?|wss?|ftp):.*");
    }

    private List<Path> files(String ending) {
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Document parse(Path page) {
        return Jsoup.parse(read(page));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
