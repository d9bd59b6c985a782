package dev.interlock.license;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.testkit.ApiClient.Answer;
import dev.interlock.testkit.TestTokens;
import dev.interlock.testkit.openapi.ApiExchanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Files up and down, as an operator's browser does it. */
public final class FileTransfer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private FileTransfer() {}

    public static byte[] download(URI service, String path) {
        var answer = send(request(service, path).GET().build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }

    public static Answer upload(URI service, String path, byte[] file) {
        var answer = send(request(service, path)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(file))
                .build());
        try {
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpRequest.Builder request(URI service, String path) {
        return HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + TestTokens.token("olga", "operator"));
    }

    private static HttpResponse<byte[]> send(HttpRequest request) {
        try {
            var answer = HTTP.send(request, BodyHandlers.ofByteArray());
            ApiExchanges.check(answer, answer.body(), null);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
