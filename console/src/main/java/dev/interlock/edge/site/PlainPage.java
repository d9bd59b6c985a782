package dev.interlock.edge.site;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** What a person sees where there is no page to show it: why, and what to do. */
public final class PlainPage {

    private PlainPage() {}

    /** @param body HTML; what comes from elsewhere is {@link #escaped} in it */
    public static MutableHttpResponse<String> answer(HttpStatus status, String title, String body) {
        return HttpResponse.<String>status(status)
                .contentType(MediaType.of("text/html;charset=utf-8"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body("""
                        <!doctype html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <title>Interlock: %s</title>
                        <style>
                          :root { color-scheme: light dark }
                          body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
                          code { font-size: 1rem }
                        </style>
                        </head>
                        <body>
                        <main>
                        <h1>%s</h1>
                        %s
                        </main>
                        </body>
                        </html>
                        """.formatted(escaped(title), escaped(title), body));
    }

    static MutableHttpResponse<String> noConsole(String reason) {
        return answer(HttpStatus.SERVICE_UNAVAILABLE, "The console was not built", """
                <p>Interlock runs, but without its web page. Why: %s</p>
                <p>What to do: run <code>./interlock build</code> once that is mended, then <code>./interlock down</code> and
                <code>./interlock up</code>.</p>
                <p>Everything else is here: the command line (<code>./interlock help</code>) and the four APIs below
                <code>/api/inventory</code>, <code>/api/licenses</code>, <code>/api/upgrades</code> and
                <code>/api/agents</code>.</p>""".formatted(escaped(reason)));
    }

    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
