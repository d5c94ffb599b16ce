package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import dev.casemate.container.launch.probe.ProbeSettings.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ways to let the JDK reach for more than it was given: what a document includes, and services by
/// their names. Nothing here is named but by text: the image may not have it.
final class DocumentAttempts {

    private static final String TIMEOUT_MILLIS = "3000";

    private DocumentAttempts() {}

    static List<Attempt> of(ProbeSettings settings) {
        var attempts = new ArrayList<Attempt>();
        attempts.add(
                new Attempt(
                        "include a file in XML",
                        Kind.CODE,
                        () ->
                                "read "
                                        + included("file:///app/java.args").length()
                                        + " characters"));
        settings.forbidden().stream()
                .findFirst()
                .ifPresent(peer ->
                        attempts.add(
                                new Attempt(
                                        "include http://%s in XML".formatted(peer),
                                        Kind.NETWORK,
                                        () -> fetched(peer))));
        attempts.add(new Attempt("run a tool of the JDK", Kind.CODE, DocumentAttempts::tool));
        return attempts;
    }

    /// The text of a document of one entity that lies elsewhere.
    private static String included(String place) throws Throwable {
        var document =
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"%s\">]><a>&b;</a>"
                        .formatted(place)
                        .getBytes(StandardCharsets.UTF_8);
        var factories = Class.forName("javax.xml.parsers.DocumentBuilderFactory");
        var factory = factories.getMethod("newDefaultInstance").invoke(null);
        var builder = factories.getMethod("newDocumentBuilder").invoke(factory);
        var parsed =
                Class.forName("javax.xml.parsers.DocumentBuilder")
                        .getMethod("parse", InputStream.class)
                        .invoke(builder, new ByteArrayInputStream(document));
        var root =
                Class.forName("org.w3c.dom.Document")
                        .getMethod("getDocumentElement")
                        .invoke(parsed);
        var text =
                (String) Class.forName("org.w3c.dom.Node").getMethod("getTextContent").invoke(root);
        if (text.isBlank()) {
            throw new IOException("nothing was included");
        }
        return text;
    }

    private static String fetched(Peer peer) throws Throwable {
        // Read when the first connection of this kind is made, and this is it.
        System.setProperty("sun.net.client.defaultConnectTimeout", TIMEOUT_MILLIS);
        System.setProperty("sun.net.client.defaultReadTimeout", TIMEOUT_MILLIS);
        try {
            return "read " + included("http://" + peer + "/").length() + " characters";
        } catch (InvocationTargetException e) {
            var cause = e.getCause();
            if (cause instanceof SocketException && hungUp(String.valueOf(cause.getMessage()))) {
                return "somebody was reached, who hung up";
            }
            throw e;
        }
    }

    private static boolean hungUp(String message) {
        return message.contains("end of file") || message.contains("reset");
    }

    private static String tool() throws Throwable {
        var type = Class.forName("java.util.spi.ToolProvider");
        var found = (Optional<?>) type.getMethod("findFirst", String.class).invoke(null, "javac");
        var silent =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var run = type.getMethod("run", PrintStream.class, PrintStream.class, String[].class);
        return "it ran and ended with "
                + run.invoke(found.orElseThrow(), silent, silent, new String[] {"--version"});
    }
}
