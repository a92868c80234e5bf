package io.jenkins.plugins.lockstep.common.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlWriterTest {

    @Test
    void textsThatLookLikeSomethingElseStayTexts() {
        var texts = new LinkedHashMap<String, Object>();
        for (String text : List.of(
                "yes",
                "no",
                "on",
                "y",
                "null",
                "~",
                "",
                " ",
                "1",
                "1e5",
                "0x1f",
                "0o17",
                "012",
                "1_000",
                ".5",
                "+1",
                "12:30:45",
                "2026-01-01",
                "true",
                "NaN",
                ".inf",
                "=",
                "<<",
                "a: b",
                "a #b",
                "- a",
                "@a",
                "%a",
                "tab\tin",
                "end\r\n",
                "\u0000",
                "\u2028",
                "☃",
                "😀",
                "a\nb",
                "a\nb\n",
                "\n",
                " a\n b\n\n",
                "a \nb",
                "#!/bin/sh\nx\n")) {
            texts.put(text, text);
            texts.put("in list " + text, new ArrayList<>(List.of(text)));
        }
        assertSame(texts);
    }

    @Test
    void everyTypeOfATreeComesBack() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("int", 1);
        tree.put("long", 1L << 40);
        tree.put("big", BigInteger.TWO.pow(80));
        tree.put("real", 0.5);
        tree.put("large", 1.0e20);
        tree.put("flag", false);
        tree.put("nothing", null);
        tree.put("empty map", new LinkedHashMap<>());
        tree.put("empty list", new ArrayList<>());
        assertThat(readBack(tree)).isEqualTo(tree);
    }

    @Test
    void randomTextsComeBack() {
        var random = new Random(42);
        String letters = "ab01 \n\t:#-'\"\\|>{}[],&*!%@`~?=.eExoyn\r\u00e9\u2028\ufffd\u0007";
        var tree = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 3_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            tree.put("key" + i, text.toString());
        }
        assertSame(tree);
    }

    @Test
    void peopleReadBlocksAndNoAnchors() {
        var shared = Map.of("app", "cart");
        var tree = new LinkedHashMap<String, Object>();
        tree.put("first", shared);
        tree.put("second", shared);
        tree.put("text", "one\ntwo\n");
        tree.put("image", "registry.example.com/cart:1");
        assertThat(YamlWriter.write(tree))
                .isEqualTo(
                        """
                first:
                  app: cart
                second:
                  app: cart
                text: |
                  one
                  two
                image: registry.example.com/cart:1
                """);
    }

    private static void assertSame(Map<String, Object> tree) {
        Map<?, ?> back = (Map<?, ?>) readBack(tree);
        tree.forEach((key, value) -> assertThat(back.get(key)).as(key).isEqualTo(value));
        assertThat(back).hasSameSizeAs(tree);
    }

    private static Object readBack(Map<String, Object> tree) {
        byte[] yaml = YamlWriter.write(tree).getBytes(StandardCharsets.UTF_8);
        return new DocumentReader().read("written.yaml", yaml).get(0).tree();
    }
}
