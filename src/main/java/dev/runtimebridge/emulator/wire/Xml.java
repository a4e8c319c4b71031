package dev.runtimebridge.emulator.wire;

import java.io.StringWriter;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one XML document, element by element. */
final class Xml {
    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter out;

    private Xml() throws XMLStreamException {
        out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    }

    /**
     * A document.
     *
     * @param namespace of all its elements; empty for none
     */
    static String document(String root, String namespace, Consumer<Xml> content) {
        try {
            var xml = new Xml();
            xml.out.writeStartDocument("UTF-8", "1.0");
            xml.out.writeStartElement(root);
            if (!namespace.isEmpty()) {
                xml.out.writeDefaultNamespace(namespace);
            }
            content.accept(xml);
            xml.out.writeEndDocument();
            xml.out.flush();
            return xml.text.toString();
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    Xml text(String element, Object value) {
        return element(
                element,
                _ -> {
                    try {
                        out.writeCharacters(value.toString());
                    } catch (XMLStreamException e) {
                        throw broken(e);
                    }
                });
    }

    Xml element(String name, Consumer<Xml> content) {
        try {
            out.writeStartElement(name);
            content.accept(this);
            out.writeEndElement();
            return this;
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    /** EC2's lists: {@code <name><item>...</item></name>}. */
    <T> Xml items(String name, Collection<T> all, BiConsumer<Xml, T> each) {
        return list(name, "item", all, each);
    }

    /** The lists of AWS query: {@code <name><member>...</member></name>}. */
    <T> Xml members(String name, Collection<T> all, BiConsumer<Xml, T> each) {
        return list(name, "member", all, each);
    }

    private <T> Xml list(String name, String item, Collection<T> all, BiConsumer<Xml, T> each) {
        return element(name, _ -> all.forEach(one -> element(item, xml -> each.accept(xml, one))));
    }

    private static IllegalStateException broken(XMLStreamException e) {
        return new IllegalStateException("XML cannot be written into memory", e);
    }
}
