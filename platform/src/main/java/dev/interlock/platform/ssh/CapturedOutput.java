package dev.interlock.platform.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The first so many bytes of an output. Not safe for threads; its owner guards it. */
final class CapturedOutput {

    private final int limit;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private boolean truncated;

    CapturedOutput(int limit) {
        this.limit = limit;
    }

    /** Keeps what fits; returns how much that was. */
    int add(byte[] data, int offset, int length) {
        int fits = Math.min(length, limit - kept.size());
        kept.write(data, offset, fits);
        truncated |= fits < length;
        return fits;
    }

    boolean truncated() {
        return truncated;
    }

    String text() {
        var bytes = kept.toByteArray();
        return new String(bytes, 0, truncated ? wholeCharacters(bytes) : bytes.length, StandardCharsets.UTF_8);
    }

    /** Where to cut so that no character is halved. */
    private static int wholeCharacters(byte[] bytes) {
        int start = bytes.length;
        int back = 0;
        while (start > 0 && back < 4) {
            byte b = bytes[start - 1];
            start--;
            back++;
            if ((b & 0xC0) != 0x80) { // the first byte of a character
                int size = (b & 0x80) == 0 ? 1 : (b & 0xE0) == 0xC0 ? 2 : (b & 0xF0) == 0xE0 ? 3 : 4;
                return size == back ? bytes.length : start;
            }
        }
        return bytes.length;
    }
}
