package dev.interlock.lab.shell;

import dev.interlock.lab.shell.Ast.Part;
import dev.interlock.lab.shell.Ast.Redirection;
import dev.interlock.lab.shell.Ast.Word;
import java.util.ArrayList;
import java.util.List;

/** Reads redirections, and the here-documents that begin below the line that names them. */
final class RedirectionParser {
    private final Cursor cursor;
    private final WordParser words;
    private final List<HereDocument> pending = new ArrayList<>();

    /** A here-document whose text comes after the line. */
    private record HereDocument(
            String delimiter, boolean quoted, boolean tabs, List<Redirection> redirections, int index) {}

    RedirectionParser(Cursor cursor, WordParser words) {
        this.cursor = cursor;
        this.words = words;
    }

    /** @return whether a redirection stands here; it is read and added to the others */
    boolean next(List<Redirection> into) throws SyntaxError {
        cursor.blanks();
        int digits = cursor.at;
        while (digits < cursor.text.length() && Character.isDigit(cursor.text.charAt(digits))) {
            digits++;
        }
        char c = digits < cursor.text.length() ? cursor.text.charAt(digits) : '\0';
        if (c != '<' && c != '>') {
            return false;
        }
        int fd = digits > cursor.at ? Integer.parseInt(cursor.text.substring(cursor.at, digits)) : c == '<' ? 0 : 1;
        cursor.at = digits;
        String operator = String.valueOf(c);
        for (String two : List.of("<<", ">>", "<&", ">&", "<>", ">|")) {
            if (cursor.starts(two)) {
                operator = two;
            }
        }
        cursor.at += operator.length();
        boolean tabs = operator.equals("<<") && cursor.peek() == '-';
        if (tabs) {
            cursor.at++;
        }
        cursor.blanks();
        Word target = words.word();
        if (target == null) {
            throw cursor.unexpected(cursor.end() ? "" : cursor.token(), null);
        }
        into.add(new Redirection(fd, operator, target));
        if (operator.equals("<<")) {
            var delimiter = new StringBuilder();
            boolean quoted = false;
            for (Part part : target.parts()) {
                if (part instanceof Part.Text(String piece, boolean q)) {
                    delimiter.append(piece);
                    quoted |= q;
                }
            }
            pending.add(new HereDocument(delimiter.toString(), quoted, tabs, into, into.size() - 1));
        }
        return true;
    }

    /** Reads, at the beginning of a line, the here-documents that the line before has named. */
    void hereDocuments() throws SyntaxError {
        for (HereDocument document : List.copyOf(pending)) {
            read(document);
        }
        pending.clear();
    }

    private void read(HereDocument document) throws SyntaxError {
        var body = new StringBuilder();
        while (!cursor.end()) {
            String one = cursor.restOfLine();
            if (document.tabs) {
                one = one.replaceFirst("^\t+", "");
            }
            if (one.equals(document.delimiter)) {
                break;
            }
            body.append(one).append('\n');
        }
        Word word = document.quoted
                ? new Word(List.of(new Part.Text(body.toString(), true)))
                : Parser.hereText(body.toString(), cursor.line);
        Redirection before = document.redirections.get(document.index);
        document.redirections.set(document.index, new Redirection(before.fd(), "<<", word));
    }
}
