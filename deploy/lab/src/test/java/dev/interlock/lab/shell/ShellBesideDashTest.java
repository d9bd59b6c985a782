package dev.interlock.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each script of the corpus, run by a real dash and by the lab's shell, prints the same and exits alike. */
class ShellBesideDashTest {
    private static Lab lab;
    private static LabHost host;

    @BeforeAll
    static void start() {
        lab = Lab.builder().seed("corpus").timeScale(1000).start();
        host = lab.addKeeper("shell");
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    static List<String> corpus() throws IOException {
        try (InputStream in = ShellBesideDashTest.class.getResourceAsStream("corpus.txt")) {
            assertThat(in).isNotNull();
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^%%\n"));
        }
    }

    private static Optional<Path> dash() {
        return Stream.of("/bin/dash", "/usr/bin/dash")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @TestFactory
    Stream<DynamicTest> printsWhatDashPrintsAndExitsAsItDoes() throws IOException {
        Path dash = dash().orElseGet(() -> Assumptions.abort("no dash on this machine to compare with"));
        var tests = new ArrayList<DynamicTest>();
        List<String> scripts = corpus();
        assertThat(scripts).hasSizeGreaterThan(90);
        for (int i = 0; i < scripts.size(); i++) {
            String script = scripts.get(i);
            int number = i;
            tests.add(dynamicTest((i + 1) + ": " + script.lines().findFirst().orElse(""), () -> {
                String expected = real(dash, script);
                assertThat(ours(script, number)).as(script).isEqualTo(expected);
            }));
        }
        return tests.stream();
    }

    private static String real(Path dash, String script) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("corpus");
        try {
            Path out = Files.createTempFile("corpus", ".out");
            var builder = new ProcessBuilder("sh", "-c", script);
            builder.command().set(0, dash.toString());
            builder.directory(folder.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
            builder.environment().put("HOME", "/root");
            builder.redirectOutput(out.toFile());
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.redirectInput(Path.of("/dev/null").toFile());
            Process process = builder.start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(out, StandardCharsets.UTF_8);
            Files.delete(out);
            return text.replace("dash", "sh") + "exit " + process.exitValue();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String ours(String script, int number) {
        String folder = "/tmp/corpus" + number;
        host.console("rm -rf " + folder + "; mkdir -p " + folder);
        LabHost.Output output = host.console("cd " + folder + " && exec sh -c '" + script.replace("'", "'\\''") + "'");
        return output.out() + "exit " + output.exit();
    }
}
