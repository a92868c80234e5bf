package io.jenkins.plugins.lockstep.scaffold;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** An element of an XML file, read without document types and entities: the file may be anybody's. */
final class XmlElement {

    private static final int DEEPEST = 100;

    private final String name;
    private final List<XmlElement> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private XmlElement(String name) {
        this.name = name;
    }

    /**
     * Reads a document.
     *
     * @throws XMLStreamException where it is no XML, or has a document type
     */
    static XmlElement read(String document) throws XMLStreamException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(document));
        var open = new ArrayDeque<XmlElement>();
        var top = new XmlElement("");
        open.push(top);
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.size() > DEEPEST) {
                        throw new XMLStreamException("elements are nested too deep", reader.getLocation());
                    }
                    var element = new XmlElement(reader.getLocalName());
                    open.element().children.add(element);
                    open.push(element);
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                    open.element().text.append(reader.getText());
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XMLStreamException("document types and entities are not read", reader.getLocation());
                default -> {}
            }
        }
        return top.children.get(0);
    }

    /** Returns the first child of that name, of its first child of the next name, and so on; null where there is none. */
    @Nullable
    XmlElement at(String... path) {
        XmlElement element = this;
        for (String step : path) {
            XmlElement next = null;
            for (XmlElement child : element.children) {
                if (child.name.equals(step)) {
                    next = child;
                    break;
                }
            }
            if (next == null) {
                return null;
            }
            element = next;
        }
        return element;
    }

    /** Returns the text at a path, stripped; null where there is none. */
    @Nullable
    String text(String... path) {
        XmlElement element = at(path);
        String found = element == null ? "" : element.text.toString().strip();
        return found.isEmpty() ? null : found;
    }

    /** Returns the children at a path, of any name; empty where there are none. */
    List<XmlElement> children(String... path) {
        XmlElement element = at(path);
        return element == null ? List.of() : List.copyOf(element.children);
    }

    String name() {
        return name;
    }

    /** Returns the text of the first element of that name anywhere below; null where there is none. */
    @Nullable
    String anywhere(String wanted) {
        for (XmlElement child : children) {
            String found = child.name.equals(wanted) ? child.text() : child.anywhere(wanted);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
