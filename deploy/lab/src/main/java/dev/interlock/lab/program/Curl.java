package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Site;
import dev.interlock.lab.machine.Unit;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** curl to the host's own services, which answer {@code /version} with the version that is running, not the one installed. */
final class Curl implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "s",
                        "S",
                        "f",
                        "k",
                        "L",
                        "I",
                        "silent",
                        "show-error",
                        "fail",
                        "insecure",
                        "location",
                        "compressed",
                        "noproxy"),
                Set.of(
                        "m",
                        "o",
                        "w",
                        "X",
                        "H",
                        "d",
                        "max-time",
                        "connect-timeout",
                        "output",
                        "write-out",
                        "retry",
                        "retry-delay",
                        "u",
                        "A"));
        if (options.unknown() != null) {
            call.err("curl: option " + options.unknown() + ": is unknown");
            return 2;
        }
        boolean tell = !options.has("s", "silent") || options.has("S", "show-error");
        if (options.rest().isEmpty()) {
            call.err("curl: no URL specified!");
            return 2;
        }
        String text = options.rest().getFirst();
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        int port = uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        String host = String.valueOf(uri.getHost());
        if (!Set.of("localhost", "127.0.0.1", "[::1]", call.machine().name()).contains(host)) {
            return quit(call, tell, 6, "Could not resolve host: " + host);
        }
        Unit unit = call.machine().units().listener(port);
        if (unit == null) {
            return quit(
                    call,
                    tell,
                    7,
                    "Failed to connect to " + host + " port " + port + " after 0 ms: Couldn't connect to server");
        }
        if ("https".equals(uri.getScheme()) && !options.has("k", "insecure")) {
            return quit(call, tell, 60, "SSL certificate problem: self-signed certificate");
        }
        String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
        Site site = call.machine().site(port);
        Site.Reply reply = site == null ? null : site.answer(request(options, path));
        int status = reply != null ? reply.status() : path.equals("/version") ? 200 : 404;
        String body = reply != null
                ? reply.body()
                : status == 200
                        ? unit.running() + "\n"
                        : "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n";
        if (status >= 400 && options.has("f", "fail")) {
            return quit(call, tell, 22, "The requested URL returned error: " + status);
        }
        String into = options.value("o", "output");
        if (into == null) {
            call.out(body);
        } else if (!into.equals("/dev/null")) {
            FileSystem.Node node = call.files().openWrite(call.path(into), true, call.uid(), 0644);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            call.files().write(node, 0, bytes, 0, bytes.length);
        }
        String format = options.value("w", "write-out");
        if (format != null) {
            call.out(format.replace("%{http_code}", String.valueOf(status))
                    .replace("%{response_code}", String.valueOf(status))
                    .replace("\\n", "\n"));
        }
        return 0;
    }

    private static Site.Request request(Options options, String path) {
        var headers = new TreeMap<String, String>();
        for (String header : options.values("H")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        String body = options.value("d");
        String method = options.value("X");
        return new Site.Request(
                method == null ? body == null ? "GET" : "POST" : method, path, headers, body == null ? "" : body);
    }

    private static int quit(Call call, boolean tell, int status, String text) throws IOException {
        if (tell) {
            call.err("curl: (" + status + ") " + text);
        }
        return status;
    }
}
