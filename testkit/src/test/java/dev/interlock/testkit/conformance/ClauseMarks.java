package dev.interlock.testkit.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.ToolProvider;

/**
 * What the tests' sources claim to prove. Sources, because they show every module at any point of the build; the price is
 * that a mark must be a literal. A disabled test proves nothing and is left out.
 *
 * @param proofs each running test with a clause, by clause as written, then test
 * @param complaints marks that prove nothing because they are not on a test or not a literal
 */
record ClauseMarks(List<Proof> proofs, List<String> complaints) {

    /**
     * @param module its folder, for example {@code deploy/lab}
     * @param source the file, from the root of the repository
     * @param type the class, nested ones after their outer ones
     * @param method empty if the whole class bears the mark
     * @param conditional whether it runs only where something is at hand
     */
    record Proof(String clause, String module, Path source, String type, String method, boolean conditional) {}

    private static final Set<String> TESTS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Property", "Example");

    static ClauseMarks scan(Path root) throws IOException {
        var sources = new ArrayList<Path>();
        try (var found = Files.find(
                root,
                12,
                (path, attributes) -> attributes.isRegularFile()
                        && path.toString().endsWith(".java")
                        && path.toString().contains("/src/test/java/"))) {
            found.filter(path -> !root.relativize(path).toString().contains("target/"))
                    .sorted()
                    .forEach(sources::add);
        }
        var marks = new ClauseMarks(new ArrayList<>(), new ArrayList<>());
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                Path file = root.relativize(Path.of(unit.getSourceFile().toUri()));
                unit.accept(new Scan(file, marks), null);
            }
        }
        marks.proofs.sort(Comparator.comparing(Proof::clause)
                .thenComparing(Proof::module)
                .thenComparing(Proof::type)
                .thenComparing(Proof::method));
        return marks;
    }

    private static final class Scan extends TreeScanner<Void, Void> {
        private final Path file;
        private final String module;
        private final ClauseMarks marks;
        private String type = "";
        private boolean disabled;
        private boolean conditional;

        Scan(Path file, ClauseMarks marks) {
            this.file = file;
            this.marks = marks;
            String path = file.toString();
            this.module = path.substring(0, path.indexOf("/src/test/java/"));
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String outerType = type;
            boolean outerDisabled = disabled;
            boolean outerConditional = conditional;
            type = outerType.isEmpty() ? tree.getSimpleName().toString() : outerType + "." + tree.getSimpleName();
            var annotations = tree.getModifiers().getAnnotations();
            disabled |= disabled(annotations);
            conditional |= conditional(annotations);
            if (!disabled) {
                clauses(annotations).forEach(clause -> add(clause, "", conditional));
            }
            super.visitClass(tree, null);
            type = outerType;
            disabled = outerDisabled;
            conditional = outerConditional;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            var annotations = tree.getModifiers().getAnnotations();
            List<String> clauses = clauses(annotations);
            if (!clauses.isEmpty()) {
                String method = tree.getName().toString();
                if (annotations.stream().noneMatch(each -> TESTS.contains(name(each)))) {
                    marks.complaints.add(file + ": " + type + "#" + method + " bears @Clause but is no test");
                } else if (!disabled && !disabled(annotations)) {
                    clauses.forEach(clause -> add(clause, method, conditional || conditional(annotations)));
                }
            }
            return super.visitMethod(tree, null);
        }

        private void add(String clause, String method, boolean sometimes) {
            marks.proofs.add(new Proof(clause, module, file, type, method, sometimes));
        }

        private List<String> clauses(List<? extends AnnotationTree> annotations) {
            var clauses = new ArrayList<String>();
            for (AnnotationTree each : annotations) {
                if (name(each).equals("Clause")) {
                    each.getArguments().forEach(argument -> literals(argument, clauses));
                }
            }
            return clauses;
        }

        private void literals(ExpressionTree value, List<String> clauses) {
            switch (value) {
                case AssignmentTree named -> literals(named.getExpression(), clauses);
                case NewArrayTree array -> array.getInitializers().forEach(each -> literals(each, clauses));
                case LiteralTree text -> clauses.add(String.valueOf(text.getValue()));
                default ->
                    marks.complaints.add(file + ": " + type + ": @Clause(" + value + ") must name clauses literally");
            }
        }

        private static boolean disabled(List<? extends AnnotationTree> annotations) {
            return annotations.stream().anyMatch(each -> name(each).equals("Disabled"));
        }

        private static boolean conditional(List<? extends AnnotationTree> annotations) {
            return annotations.stream()
                    .map(Scan::name)
                    .anyMatch(name -> name.startsWith("EnabledIf")
                            || name.startsWith("EnabledOn")
                            || name.startsWith("DisabledIf")
                            || name.startsWith("DisabledOn"));
        }

        private static String name(AnnotationTree annotation) {
            String name = annotation.getAnnotationType().toString();
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }
}
