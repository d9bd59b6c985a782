package dev.interlock.contracts.documents;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * What the records' javadoc says, so that schema, AsyncAPI document and events page say the same.
 *
 * @param types simple name of a type, nested ones with their outer type's name: {@code UpgradeEvent.NodeUpdated}
 * @param fields the same, then the component: {@code UpgradeEvent.NodeUpdated.n}
 */
record Javadocs(Map<String, String> types, Map<String, String> fields) {

    static Javadocs read(Path sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var types = new HashMap<String, String>();
        var fields = new HashMap<String, String>();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                var found = Files.walk(sources)) {
            List<Path> java =
                    found.filter(p -> p.toString().endsWith(".java")).sorted().toList();
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(java));
            var docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<Void, String>() {
                    @Override
                    public Void visitClass(ClassTree type, String outer) {
                        String name = outer + type.getSimpleName();
                        DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
                        if (comment != null) {
                            types.put(name, text(comment.getFullBody()));
                            for (DocTree tag : comment.getBlockTags()) {
                                if (tag instanceof ParamTree param) {
                                    fields.put(name + "." + param.getName().getName(), text(param.getDescription()));
                                }
                            }
                        }
                        return super.visitClass(type, name + ".");
                    }
                }.scan(unit, "");
            }
        }
        return new Javadocs(Map.copyOf(types), Map.copyOf(fields));
    }

    String of(Class<?> record) {
        return types.getOrDefault(name(record), "");
    }

    String of(Class<?> record, String field) {
        return fields.getOrDefault(name(record) + "." + field, "");
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return (outer == null ? "" : name(outer) + ".") + type.getSimpleName();
    }

    private static String text(List<? extends DocTree> parts) {
        var text = new StringBuilder();
        for (DocTree part : parts) {
            switch (part) {
                case TextTree plain -> text.append(plain.getBody());
                case LiteralTree code ->
                    text.append('`').append(code.getBody().getBody()).append('`');
                case LinkTree link ->
                    text.append('`').append(link.getReference().getSignature()).append('`');
                default -> text.append(part);
            }
        }
        return text.toString().replaceAll("\\s+", " ").strip();
    }
}
