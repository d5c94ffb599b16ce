package dev.casemate.container.image;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;

/// Reads a document whose one entity lies at the address that the argument names, and prints what
/// that brought in. Runs in a JVM of its own.
final class XmlProgram {

    private XmlProgram() {}

    public static void main(String[] arguments) throws Exception {
        var document = "<!DOCTYPE a [<!ENTITY b SYSTEM \"%s\">]><a>&b;</a>".formatted(arguments[0]);
        var parsed =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
        System.out.println(parsed.getDocumentElement().getTextContent());
    }
}
