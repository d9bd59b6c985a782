package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Programs that turn text into text. */
final class TextPrograms {
    private TextPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("cat", TextPrograms::cat);
        all.put("head", call -> ends(call, true));
        all.put("tail", call -> ends(call, false));
        all.put("grep", TextPrograms::grep);
        all.put("sed", Sed::run);
        all.put("cut", TextPrograms::cut);
        all.put("tr", TextPrograms::tr);
        all.put("wc", TextPrograms::wc);
        all.put("sort", TextPrograms::sort);
        all.put("uniq", TextPrograms::uniq);
        all.put("tee", TextPrograms::tee);
        all.put("seq", TextPrograms::seq);
        all.put("basename", TextPrograms::basename);
        all.put("dirname", TextPrograms::dirname);
        all.put("sha256sum", call -> digest(call, "SHA-256"));
        all.put("md5sum", call -> digest(call, "MD5"));
        all.put("base64", TextPrograms::base64);
        all.put("cmp", TextPrograms::cmp);
        all.put("tac", call -> {
            for (String line : lines(new String(
                            call.readFile(
                                    call.arguments().isEmpty()
                                            ? "-"
                                            : call.arguments().getFirst()),
                            StandardCharsets.UTF_8))
                    .reversed()) {
                call.line(line);
            }
            return 0;
        });
    }

    static List<String> lines(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        return List.of((text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1));
    }

    static int illegal(Call call, String option) throws IOException {
        call.err(call.name() + ": invalid option -- '" + option.replaceFirst("^-+", "") + "'");
        return call.name().equals("grep") || call.name().equals("sort") ? 2 : 1;
    }

    private static int cat(Call call) throws IOException {
        List<String> files = call.arguments().stream()
                .filter(a -> !a.equals("-u") && !a.equals("--"))
                .toList();
        int status = 0;
        for (String file : files.isEmpty() ? List.of("-") : files) {
            if (file.equals("-")) {
                byte[] buffer = new byte[8192];
                for (int n = call.read(buffer); n >= 0; n = call.read(buffer)) {
                    call.write(1, buffer, n);
                }
                continue;
            }
            byte[] data;
            try {
                data = call.readFile(file);
            } catch (Errno e) {
                status = call.fail(file + ": " + e.text());
                continue;
            }
            call.write(1, data, data.length);
        }
        return status;
    }

    private static int ends(Call call, boolean head) throws IOException {
        var arguments = new ArrayList<>(call.arguments());
        if (!arguments.isEmpty() && arguments.getFirst().matches("-\\d+")) {
            arguments.set(0, "-n" + arguments.getFirst().substring(1));
        }
        Options options = Options.of(arguments, Set.of("q", "f", "v"), Set.of("n", "c", "lines", "bytes"));
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        String bytes = options.value("c", "bytes");
        String count = options.value("n", "lines");
        int status = 0;
        boolean many = options.rest().size() > 1;
        for (String file : options.rest().isEmpty() ? List.of("-") : options.rest()) {
            byte[] data;
            try {
                data = call.readFile(file);
            } catch (Errno e) {
                status = call.fail("cannot open '" + file + "' for reading: " + e.text());
                continue;
            }
            if (many) {
                call.line("==> " + file + " <==");
            }
            if (bytes != null) {
                int n = Integer.parseInt(bytes.replace("-", "").replace("+", ""));
                byte[] piece = head
                        ? Arrays.copyOf(data, Math.min(n, data.length))
                        : Arrays.copyOfRange(data, Math.max(0, data.length - n), data.length);
                call.write(1, piece, piece.length);
                continue;
            }
            String text = new String(data, StandardCharsets.UTF_8);
            List<String> lines = lines(text);
            String number = count == null ? "10" : count;
            int n = Integer.parseInt(number.replace("+", "").replace("-", ""));
            int size = lines.size();
            List<String> part;
            if (head) {
                part = lines.subList(0, number.startsWith("-") ? Math.max(0, size - n) : Math.min(n, size));
            } else {
                part = number.startsWith("+")
                        ? lines.subList(Math.min(Math.max(n - 1, 0), size), size)
                        : lines.subList(Math.max(0, size - n), size);
            }
            boolean reachesEnd = !part.isEmpty() && (head ? part.size() == size : true);
            call.out(String.join("\n", part) + (part.isEmpty() || reachesEnd && !text.endsWith("\n") ? "" : "\n"));
        }
        return status;
    }

    private static int grep(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("q", "E", "F", "v", "c", "i", "o", "x", "w", "s", "n", "l", "h", "H", "a", "quiet", "silent"),
                Set.of("e", "m", "A", "B"));
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        List<String> files = new ArrayList<>(options.rest());
        var patterns = new ArrayList<>(options.values("e"));
        if (patterns.isEmpty()) {
            if (files.isEmpty()) {
                call.err("Usage: grep [OPTION]... PATTERNS [FILE]...");
                return 2;
            }
            patterns.add(files.removeFirst());
        }
        Pattern pattern;
        try {
            var alternatives = new ArrayList<String>();
            for (String given : patterns) {
                for (String one : given.split("\n", -1)) {
                    alternatives.add(
                            "(?:" + (options.has("F") ? Pattern.quote(one) : Regex.java(one, options.has("E"))) + ")");
                }
            }
            String regex = String.join("|", alternatives);
            if (options.has("x")) {
                regex = "^(?:" + regex + ")$";
            } else if (options.has("w")) {
                regex = "(?<!\\w)(?:" + regex + ")(?!\\w)";
            }
            pattern = Pattern.compile(regex, options.has("i") ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            call.err("grep: Invalid regular expression");
            return 2;
        }
        String limit = options.value("m");
        int most = limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit);
        boolean quiet = options.has("q", "quiet", "silent");
        boolean names = (files.size() > 1 || options.has("H")) && !options.has("h");
        boolean any = false;
        boolean trouble = false;
        for (String file : files.isEmpty() ? List.of("-") : files) {
            List<String> lines;
            try {
                lines = lines(new String(call.readFile(file), StandardCharsets.UTF_8));
            } catch (Errno e) {
                if (!options.has("s")) {
                    call.err("grep: " + file + ": " + e.text());
                }
                trouble = true;
                continue;
            }
            int count = 0;
            for (int n = 0; n < lines.size() && count < most; n++) {
                Matcher matcher = pattern.matcher(lines.get(n));
                if (matcher.find() == options.has("v")) {
                    continue;
                }
                count++;
                any = true;
                if (quiet) {
                    return 0;
                }
                if (options.has("c", "l")) {
                    continue;
                }
                String prefix = (names ? (file.equals("-") ? "(standard input)" : file) + ":" : "")
                        + (options.has("n") ? n + 1 + ":" : "");
                if (options.has("o") && !options.has("v")) {
                    do {
                        if (!matcher.group().isEmpty()) {
                            call.line(prefix + matcher.group());
                        }
                    } while (matcher.find());
                } else {
                    call.line(prefix + lines.get(n));
                }
            }
            if (options.has("l")) {
                if (count > 0) {
                    call.line(file);
                }
            } else if (options.has("c")) {
                call.line((names ? file + ":" : "") + count);
            }
        }
        return trouble ? 2 : any ? 0 : 1;
    }

    private static boolean selected(List<int[]> ranges, int n) {
        return ranges.stream().anyMatch(r -> n >= r[0] && n <= r[1]);
    }

    private static int cut(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("s"), Set.of("d", "f", "c", "b", "output-delimiter"));
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        String list = options.value("f", "c", "b");
        if (list == null) {
            call.err("cut: you must specify a list of bytes, characters, or fields");
            return 1;
        }
        var ranges = new ArrayList<int[]>();
        for (String piece : list.split(",")) {
            int dash = piece.indexOf('-');
            String low = dash < 0 ? piece : piece.substring(0, dash);
            String high = dash < 0 ? piece : piece.substring(dash + 1);
            ranges.add(new int[] {
                low.isEmpty() ? 1 : Integer.parseInt(low), high.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(high)
            });
        }
        String delimiter = options.value("d") == null ? "\t" : String.valueOf(options.value("d"));
        String glue = options.value("output-delimiter") == null
                ? delimiter
                : String.valueOf(options.value("output-delimiter"));
        for (String file : options.rest().isEmpty() ? List.of("-") : options.rest()) {
            for (String line : lines(new String(call.readFile(file), StandardCharsets.UTF_8))) {
                if (!options.has("f")) {
                    var out = new StringBuilder();
                    for (int i = 0; i < line.length(); i++) {
                        if (selected(ranges, i + 1)) {
                            out.append(line.charAt(i));
                        }
                    }
                    call.line(out.toString());
                    continue;
                }
                if (!line.contains(delimiter)) {
                    if (!options.has("s")) {
                        call.line(line);
                    }
                    continue;
                }
                String[] fields = line.split(Pattern.quote(delimiter), -1);
                var kept = new ArrayList<String>();
                for (int i = 0; i < fields.length; i++) {
                    if (selected(ranges, i + 1)) {
                        kept.add(fields[i]);
                    }
                }
                call.line(String.join(glue, kept));
            }
        }
        return 0;
    }

    private static String set(String spec) {
        String text = spec;
        for (var named : Map.of(
                        "[:upper:]", "A-Z",
                        "[:lower:]", "a-z",
                        "[:digit:]", "0-9",
                        "[:alpha:]", "A-Za-z",
                        "[:alnum:]", "A-Za-z0-9",
                        "[:space:]", " \\t\\n\\r\\f\\v",
                        "[:blank:]", " \\t")
                .entrySet()) {
            text = text.replace(named.getKey(), named.getValue());
        }
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                char e = text.charAt(i);
                if (e == '0') {
                    out.append('\0');
                    while (i + 1 < text.length() && text.charAt(i + 1) == '0') {
                        i++;
                    }
                } else {
                    out.append(
                            switch (e) {
                                case 'n' -> '\n';
                                case 't' -> '\t';
                                case 'r' -> '\r';
                                case 'f' -> '\f';
                                case 'v' -> '\013';
                                default -> e;
                            });
                }
            } else if (i + 2 < text.length() && text.charAt(i + 1) == '-') {
                for (char x = c; x <= text.charAt(i + 2); x++) {
                    out.append(x);
                }
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int tr(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("d", "s", "c", "C"), Set.of());
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        if (options.rest().isEmpty()) {
            call.err("tr: missing operand");
            return 1;
        }
        String from = set(options.rest().getFirst());
        String to = options.rest().size() > 1 ? set(options.rest().get(1)) : "";
        boolean complement = options.has("c", "C");
        String text = new String(call.readAll(), StandardCharsets.ISO_8859_1);
        var out = new StringBuilder();
        String squeeze = options.has("s") ? to.isEmpty() ? from : to : "";
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int at = from.indexOf(c);
            boolean hit = at >= 0 != complement;
            char mapped = c;
            if (hit && options.has("d")) {
                continue;
            }
            if (hit && !to.isEmpty() && !options.has("d")) {
                mapped = complement ? to.charAt(to.length() - 1) : to.charAt(Math.min(at, to.length() - 1));
            }
            boolean squeezable = !squeeze.isEmpty() && (to.isEmpty() ? hit : squeeze.indexOf(mapped) >= 0);
            if (squeezable && !out.isEmpty() && out.charAt(out.length() - 1) == mapped) {
                continue;
            }
            out.append(mapped);
        }
        byte[] bytes = out.toString().getBytes(StandardCharsets.ISO_8859_1);
        call.write(1, bytes, bytes.length);
        return 0;
    }

    private static int wc(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("l", "w", "c", "m"), Set.of());
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        boolean all = !options.has("l", "w", "c", "m");
        int kinds = (options.has("l") ? 1 : 0) + (options.has("w") ? 1 : 0) + (options.has("c", "m") ? 1 : 0);
        int status = 0;
        for (String file : options.rest().isEmpty() ? List.of("") : options.rest()) {
            byte[] data;
            try {
                data = call.readFile(file.isEmpty() ? "-" : file);
            } catch (Errno e) {
                status = call.fail(file + ": " + e.text());
                continue;
            }
            String text = new String(data, StandardCharsets.UTF_8);
            var numbers = new ArrayList<String>();
            if (all || options.has("l")) {
                numbers.add(String.valueOf(text.chars().filter(c -> c == '\n').count()));
            }
            if (all || options.has("w")) {
                numbers.add(String.valueOf(text.isBlank() ? 0 : text.trim().split("\\s+").length));
            }
            if (all || options.has("c")) {
                numbers.add(String.valueOf(data.length));
            } else if (options.has("m")) {
                numbers.add(String.valueOf(text.codePointCount(0, text.length())));
            }
            int width = kinds == 1
                    ? 1
                    : file.isEmpty() ? 7 : String.valueOf(data.length).length();
            var line = new StringBuilder();
            for (String number : numbers) {
                line.append(line.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%" + width + "s", number));
            }
            call.line(line + (file.isEmpty() ? "" : " " + file));
        }
        return status;
    }

    private static int sort(Call call) throws IOException {
        Options options =
                Options.of(call.arguments(), Set.of("r", "n", "u", "V", "f", "b", "s", "c"), Set.of("k", "t", "o"));
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        var lines = new ArrayList<String>();
        for (String file : options.rest().isEmpty() ? List.of("-") : options.rest()) {
            try {
                lines.addAll(lines(new String(call.readFile(file), StandardCharsets.UTF_8)));
            } catch (Errno e) {
                call.err("sort: cannot read: " + file + ": " + e.text());
                return 2;
            }
        }
        String key = options.value("k");
        String separator = options.value("t");
        boolean numeric = options.has("n") || key != null && key.contains("n");
        boolean reverse = options.has("r") || key != null && key.contains("r");
        java.util.function.Function<String, String> by = line -> {
            if (key == null) {
                return line;
            }
            String[] range = key.replaceAll("[a-zA-Z]", "").split(",");
            String[] fields = separator == null ? line.trim().split("\\s+") : line.split(Pattern.quote(separator), -1);
            int from = Integer.parseInt(range[0].replaceAll("\\..*", "")) - 1;
            int to = range.length > 1 ? Integer.parseInt(range[1].replaceAll("\\..*", "")) : fields.length;
            return from >= fields.length
                    ? ""
                    : String.join(
                            separator == null ? " " : separator,
                            Arrays.asList(fields).subList(from, Math.min(to, fields.length)));
        };
        Comparator<String> order;
        if (numeric) {
            order = Comparator.comparingDouble(line -> {
                Matcher number = Pattern.compile("^\\s*(-?\\d*\\.?\\d+)").matcher(by.apply(line));
                return number.find() ? Double.parseDouble(number.group(1)) : 0;
            });
        } else if (options.has("V")) {
            order = Comparator.comparing(by, dev.interlock.lab.machine.Packages::compare);
        } else {
            order = Comparator.comparing(by);
        }
        Comparator<String> full =
                options.has("u") || options.has("s") ? order : order.thenComparing(Comparator.naturalOrder());
        lines.sort(reverse ? full.reversed() : full);
        if (options.has("u")) {
            var unique = new TreeSet<>(order);
            lines.removeIf(line -> !unique.add(line));
        }
        var out = new StringBuilder();
        lines.forEach(line -> out.append(line).append('\n'));
        String into = options.value("o");
        if (into == null) {
            call.out(out.toString());
        } else {
            var node = call.files().openWrite(call.path(into), true, call.uid(), 0644);
            byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
            call.files().write(node, 0, bytes, 0, bytes.length);
        }
        return 0;
    }

    private static int uniq(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("c", "d", "u"), Set.of());
        if (options.unknown() != null) {
            return illegal(call, options.unknown());
        }
        List<String> lines = lines(new String(
                call.readFile(options.rest().isEmpty() ? "-" : options.rest().getFirst()), StandardCharsets.UTF_8));
        for (int i = 0; i < lines.size(); ) {
            int j = i;
            while (j < lines.size() && lines.get(j).equals(lines.get(i))) {
                j++;
            }
            int count = j - i;
            if ((!options.has("d") || count > 1) && (!options.has("u") || count == 1)) {
                call.line((options.has("c") ? String.format(Locale.ROOT, "%7d ", count) : "") + lines.get(i));
            }
            i = j;
        }
        return 0;
    }

    private static int tee(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("a"), Set.of());
        byte[] data = call.readAll();
        int status = 0;
        for (String file : options.rest()) {
            try {
                var node = call.files().openWrite(call.path(file), !options.has("a"), call.uid(), 0644);
                call.files().write(node, call.files().size(node), data, 0, data.length);
            } catch (Errno e) {
                status = call.fail(file + ": " + e.text());
            }
        }
        call.write(1, data, data.length);
        return status;
    }

    private static int seq(Call call) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String argument : call.arguments()) {
            try {
                numbers.add(Long.parseLong(argument));
            } catch (NumberFormatException e) {
                return call.fail("invalid floating point argument: '" + argument + "'");
            }
        }
        if (numbers.isEmpty()) {
            return call.fail("missing operand");
        }
        long first = numbers.size() > 1 ? numbers.getFirst() : 1;
        long step = numbers.size() > 2 ? numbers.get(1) : 1;
        long last = numbers.getLast();
        var out = new StringBuilder();
        for (long n = first; step > 0 ? n <= last : n >= last; n += step) {
            out.append(n).append('\n');
        }
        call.out(out.toString());
        return 0;
    }

    private static int basename(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return call.fail("missing operand");
        }
        String path = call.arguments().getFirst().replaceFirst("(?<=.)/+$", "");
        String name = path.equals("/") ? "/" : path.substring(path.lastIndexOf('/') + 1);
        if (call.arguments().size() > 1
                && name.endsWith(call.arguments().get(1))
                && !name.equals(call.arguments().get(1))) {
            name = name.substring(0, name.length() - call.arguments().get(1).length());
        }
        call.line(name);
        return 0;
    }

    private static int dirname(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return call.fail("missing operand");
        }
        String path = call.arguments().getFirst().replaceFirst("(?<=.)/+$", "");
        int slash = path.lastIndexOf('/');
        call.line(slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash));
        return 0;
    }

    private static int digest(Call call, String algorithm) throws IOException {
        int status = 0;
        for (String file : call.arguments().isEmpty() ? List.of("-") : call.arguments()) {
            try {
                byte[] hash = MessageDigest.getInstance(algorithm).digest(call.readFile(file));
                call.line(HexFormat.of().formatHex(hash) + "  " + file);
            } catch (Errno e) {
                status = call.fail(file + ": " + e.text());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return status;
    }

    private static int base64(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("d"), Set.of("w"));
        byte[] data =
                call.readFile(options.rest().isEmpty() ? "-" : options.rest().getFirst());
        if (options.has("d")) {
            byte[] decoded = Base64.getMimeDecoder().decode(data);
            call.write(1, decoded, decoded.length);
        } else if ("0".equals(options.value("w"))) {
            call.out(Base64.getEncoder().encodeToString(data));
        } else {
            call.line(Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(data));
        }
        return 0;
    }

    private static int cmp(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("s"), Set.of());
        if (options.rest().size() < 2) {
            call.err("cmp: missing operand");
            return 2;
        }
        try {
            byte[] a = call.readFile(options.rest().get(0));
            byte[] b = call.readFile(options.rest().get(1));
            int at = Arrays.mismatch(a, b);
            if (at < 0) {
                return 0;
            }
            if (!options.has("s")) {
                call.line(
                        options.rest().get(0) + " " + options.rest().get(1) + " differ: byte " + (at + 1) + ", line 1");
            }
            return 1;
        } catch (Errno e) {
            call.err("cmp: " + e.getMessage());
            return 2;
        }
    }
}
