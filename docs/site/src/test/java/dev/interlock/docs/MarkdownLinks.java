package dev.interlock.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** The links of Markdown files as a code forge follows them: from file to file, to the headings of either. */
final class MarkdownLinks {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private final Path root;
    private final Map<Path, Set<String>> anchors = new HashMap<>();

    MarkdownLinks(Path root) {
        this.root = root;
    }

    /** Each link of these pages that leads nowhere. */
    List<String> dead(List<Path> pages) {
        var dead = new ArrayList<String>();
        for (Path page : pages) {
            for (String link : links(page)) {
                if (link.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
                    continue;
                }
                int hash = link.indexOf('#');
                String path = hash < 0 ? link : link.substring(0, hash);
                Path target = path.isEmpty()
                        ? page
                        : page.resolveSibling(path).toAbsolutePath().normalize();
                if (!Files.exists(target) || !target.startsWith(root)) {
                    dead.add(root.relativize(page) + ": " + link + " leads to no file of the repository");
                } else if (hash >= 0
                        && target.toString().endsWith(".md")
                        && !anchors.computeIfAbsent(target, MarkdownLinks::anchorsOf)
                                .contains(link.substring(hash + 1))) {
                    dead.add(root.relativize(page) + ": " + link + " leads to no heading");
                }
            }
        }
        return dead;
    }

    private static List<String> links(Path page) {
        var links = new ArrayList<String>();
        PARSER.parse(read(page)).accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
            }
        });
        return links;
    }

    private static Set<String> anchorsOf(Path page) {
        var anchors = new HashSet<String>();
        PARSER.parse(read(page)).accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String slug = slug(textOf(heading));
                String free = slug;
                for (int n = 1; !anchors.add(free); n++) {
                    free = slug + "-" + n;
                }
            }
        });
        return anchors;
    }

    /** As forges make them: lower case, without punctuation, a dash for each space. */
    static String slug(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}\\s_-]", "")
                .replaceAll("\\s", "-");
    }

    private static String textOf(Node node) {
        var text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }
        });
        return text.toString();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
