package io.jenkins.plugins.lockstep.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.xml.sax.InputSource;

class ViewsTest {

    private static final Path RESOURCES = Path.of("src/main/resources");

    static Stream<Path> views() throws IOException {
        return files(".jelly");
    }

    static Stream<Path> helpPages() throws IOException {
        return files(".html");
    }

    static Stream<Class<?>> described() {
        return Describables.described().stream();
    }

    @ParameterizedTest
    @MethodSource("views")
    void aViewEscapesByDefaultAndHasNoScriptOrStyleOfItsOwn(Path view) throws Exception {
        assertThat(Files.readAllLines(view).get(0)).isEqualTo("<?jelly escape-by-default='true'?>");
        for (Element element : elements(parse(Files.readString(view)))) {
            assertThat(element.getLocalName()).isNotIn("script", "style", "out");
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                String name = attributes.item(i).getNodeName();
                assertThat(name).doesNotMatch("on[a-z]+").isNotIn("style", "checkUrl");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("helpPages")
    void aHelpPageIsOneDivisionWithoutScriptOrStyle(Path page) throws Exception {
        Document document = parse(Files.readString(page));

        assertThat(document.getDocumentElement().getTagName()).isEqualTo("div");
        assertThat(elements(document))
                .allSatisfy(element -> assertThat(element.getTagName()).isIn("div", "p", "code", "ul", "li"));
    }

    @ParameterizedTest
    @MethodSource("described")
    void aFormShowsEveryFieldOnceAndNoOther(Class<?> type) throws Exception {
        assertThat(formFields(type)).containsExactlyInAnyOrderElementsOf(Bound.fields(type));
    }

    @ParameterizedTest
    @MethodSource("described")
    void everyFieldOfAFormHasAGetter(Class<?> type) throws Exception {
        Object bound = Bound.bind(type, Bound.examples(type));
        for (String field : Bound.fields(type)) {
            Bound.read(bound, field);
        }
    }

    @ParameterizedTest
    @MethodSource("described")
    void everyFieldAndEveryStepAndBuilderHasAHelpPage(Class<?> type) throws Exception {
        assertThat(resource(type, "help.html")).isNotNull();
        Map<?, ?> redirects = HelpRedirects.of(type);
        for (String field : Bound.fields(type)) {
            var owner = (Class<?>) redirects.get(field);
            assertThat(resource(owner == null ? type : owner, "help-" + field + ".html"))
                    .as("help of %s in %s", field, type.getSimpleName())
                    .isNotNull();
        }
    }

    @Test
    void thePluginDescribesItselfInOneShortDivision() throws Exception {
        Document index = parse(Files.readString(RESOURCES.resolve("index.jelly")));

        assertThat(index.getDocumentElement().getTagName()).isEqualTo("div");
        assertThat(index.getDocumentElement().getTextContent().strip()).hasSizeBetween(20, 250);
    }

    private static List<String> formFields(Class<?> type) throws Exception {
        var fields = new ArrayList<String>();
        collect(resource(type, "config.jelly"), fields);
        return fields;
    }

    private static void collect(String view, List<String> fields) throws Exception {
        for (Element element : elements(parse(view))) {
            if (element.getLocalName().equals("entry") || element.getLocalName().equals("dropdownDescriptorSelector")) {
                fields.add(element.getAttribute("field"));
            } else if (element.getLocalName().equals("include")) {
                try (InputStream included = ViewsTest.class.getResourceAsStream(element.getAttribute("page"))) {
                    collect(new String(included.readAllBytes(), StandardCharsets.UTF_8), fields);
                }
            }
        }
    }

    /** Looks where Stapler looks: in the directory of the class, then in those of its superclasses. */
    private static String resource(Class<?> type, String name) throws IOException {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            try (InputStream found = each.getResourceAsStream(each.getSimpleName() + "/" + name)) {
                if (found != null) {
                    return new String(found.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        return null;
    }

    private static Stream<Path> files(String suffix) throws IOException {
        var found = new TreeSet<Path>();
        try (Stream<Path> all = Files.walk(RESOURCES)) {
            all.filter(path -> path.toString().endsWith(suffix)).forEach(found::add);
        }
        assertThat(found).isNotEmpty();
        return found.stream();
    }

    private static Document parse(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        return builder.parse(new InputSource(new StringReader(text)));
    }

    private static List<Element> elements(Document document) {
        var elements = new ArrayList<Element>();
        var nodes = document.getElementsByTagName("*");
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
