package io.jenkins.plugins.lockstep.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableFileTest {

    @Test
    void envFilesKnowCommentsQuotesAndExport() {
        assertThat(
                        read(
                                "x.env",
                                """
                        \uFEFF# comment
                        PLAIN=one two
                        EMPTY=
                        export EXPORTED = yes   # trailing
                        HASH=a#b
                        SINGLE='a $B \\n # "c"' # comment
                        DOUBLE="a\\tb\\n\\"c\\" \\$D \\\\ \\x"
                        URL=jdbc:postgresql://db/shop?a=b&c=d
                        MULTI="first
                        second"
                        LAST=x\r
                        """))
                .containsExactly(
                        Map.entry("PLAIN", "one two"),
                        Map.entry("EMPTY", ""),
                        Map.entry("EXPORTED", "yes"),
                        Map.entry("HASH", "a#b"),
                        Map.entry("SINGLE", "a $B \\n # \"c\""),
                        Map.entry("DOUBLE", "a\tb\n\"c\" $D \\ \\x"),
                        Map.entry("URL", "jdbc:postgresql://db/shop?a=b&c=d"),
                        Map.entry("MULTI", "first\nsecond"),
                        Map.entry("LAST", "x"));
    }

    @Test
    void propertiesAreReadAsJavaReadsThem() throws Exception {
        String text =
                """
                # comment \\
                ! another
                a = 1
                b:2
                c 3
                long = one, \\
                   two, \\
                   # three
                e\\ f = x\\ty
                umlaut = \\u00e4\u00f6
                empty
                win = C:\\\\dir\\\\
                last = z""";
        String valid = text.replace("e\\ f", "e_f");
        var java = new Properties();
        java.load(new StringReader(valid));

        assertThat(read("x.properties", valid)).isEqualTo(java);
        assertThat(read("x.properties", valid.replace("\n", "\r\n"))).isEqualTo(java);
        assertThat(java).hasSize(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x.env        | NAME                | x.env:2: this is not NAME=VALUE",
                "x.env        | A=\"open            | x.env:2: the quote is never closed",
                "x.env        | A='x' y             | x.env:2: there is text after the closing quote",
                "x.env        | A B=c               | x.env:2: this is not NAME=VALUE",
                "x.env        | =c                  | x.env:2: '' can't be the name of a variable",
                "x.env        | ..=c                | x.env:2: '..' can't be the name of a variable",
                "x.properties | a = \\u12           | x.properties:2: this is not a Java property",
                "x.properties | a\\ b = c           | x.properties:2: 'a b' can't be the name of a variable",
                "x.properties | ä = c               | x.properties:2: 'ä' can't be the name of a variable",
            })
    void mistakesNameTheirLine(String file, String line, String message) {
        assertThatThrownBy(() -> read(file, "# first\n" + line))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThatThrownBy(() -> VariableFile.read("x.properties", "a=\u00e4".getBytes(ISO_8859_1)))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("x.properties: the file is not UTF-8 text");
    }

    private static Map<String, String> read(String file, String text) {
        var values = new LinkedHashMap<String, String>();
        VariableFile.read(file, text.getBytes(UTF_8))
                .forEach(variable -> values.put(variable.name(), variable.value()));
        return values;
    }
}
