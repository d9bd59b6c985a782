package dev.interlock.upgrade.adapter.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;

/**
 * JSON of which there is one text only: names in alphabetical order, no white space, numbers written out in full. Whoever parses
 * it and writes it by these rules has the same text again, so hashes can be checked by anybody.
 */
public final class Canonical {
    private Canonical() {}

    public static String text(JsonNode node) {
        var text = new StringBuilder(256);
        write(node, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            var names = new ArrayList<String>();
            node.fieldNames().forEachRemaining(names::add);
            names.sort(null);
            text.append('{');
            for (int i = 0; i < names.size(); i++) {
                text.append(i == 0 ? "" : ",")
                        .append(com.fasterxml.jackson.databind.node.TextNode.valueOf(names.get(i)))
                        .append(':');
                write(node.path(names.get(i)), text);
            }
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            for (int i = 0; i < node.size(); i++) {
                text.append(i == 0 ? "" : ",");
                write(node.path(i), text);
            }
            text.append(']');
        } else if (node.isFloatingPointNumber()) {
            text.append(
                    node.decimalValue().signum() == 0
                            ? "0"
                            : node.decimalValue().stripTrailingZeros().toPlainString());
        } else {
            text.append(node);
        }
    }
}
