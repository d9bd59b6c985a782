package dev.interlock.edge.site;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;

/** What a person sees where the build made no page: why, and what to do. */
final class NoPage {

    private NoPage() {}

    static HttpResponse<?> answer(String reason) {
        return HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.of("text/html;charset=utf-8"))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .body("""
                        <!doctype html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <title>Interlock: the console was not built</title>
                        <style>
                          :root { color-scheme: light dark }
                          body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
                          code { font-size: 1rem }
                        </style>
                        </head>
                        <body>
                        <main>
                        <h1>The console was not built</h1>
                        <p>Interlock runs, but without its web page. Why: %s</p>
                        <p>What to do: run <code>./interlock build</code> once that is mended, then <code>./interlock down</code> and
                        <code>./interlock up</code>.</p>
                        <p>Everything else is here: the command line (<code>./interlock help</code>) and the four APIs below
                        <code>/api/inventory</code>, <code>/api/licenses</code>, <code>/api/upgrades</code> and
                        <code>/api/agents</code>.</p>
                        </main>
                        </body>
                        </html>
                        """.formatted(escaped(reason)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
