package dev.casemate.container.image;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What an agent's code does all day. Runs in the runtime under test; prints a line for each thing
/// that works. Arguments: an HTTPS address and the PEM file to trust there, or none.
final class FeatureProgram {

    private sealed interface Shape {
        record Circle(double radius) implements Shape {}

        record Square(double side) implements Shape {}

        record Pair(Shape left, Shape right) implements Shape {}
    }

    private enum Colour {
        RED,
        GREEN
    }

    private FeatureProgram() {}

    public static void main(String[] arguments) throws Exception {
        check("virtual-threads", FeatureProgram::virtualThreads);
        check("pattern-switch", FeatureProgram::patternSwitch);
        check("enum-and-text-switch", FeatureProgram::enumSwitch);
        check("records", () -> new Shape.Circle(2).equals(new Shape.Circle(2)));
        check("concatenation", () -> ("a" + arguments.length + 'b' + 2.5).endsWith("b2.5"));
        check("lambdas", FeatureProgram::lambdas);
        check("regex", () -> Pattern.compile("(?i)x+[a-c]{2}").matcher("zXXab").find());
        check("format", () -> "%,.2f %s".formatted(1234.5, Colour.RED).equals("1,234.50 RED"));
        check("proxy", FeatureProgram::proxy);
        check("time", () -> LocalDate.EPOCH.atStartOfDay(ZoneId.of("Europe/Paris")) != null);
        check("digest", () -> sha256("abc").startsWith("ba7816bf"));
        check("providers", () -> Security.getProviders().length > 2);
        check("logging", () -> Logger.getLogger("x").getName().equals("x"));
        check("hosts", () -> InetAddress.getAllByName("127.0.0.1").length == 1);
        check("http-client", () -> HttpClient.newHttpClient().sslContext() != null);
        if (arguments.length == 2) {
            check("https", () -> https(arguments[0], Path.of(arguments[1])));
        }
    }

    private static void check(String name, Callable<Boolean> feature) throws Exception {
        if (!feature.call()) {
            throw new IllegalStateException(name);
        }
        System.out.println(name + " works");
    }

    private static boolean virtualThreads() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures =
                    executor.invokeAll(
                            List.<Callable<Boolean>>of(
                                    () -> Thread.currentThread().isVirtual(), () -> true));
            return futures.getFirst().get();
        }
    }

    private static boolean patternSwitch() {
        Object shape = new Shape.Pair(new Shape.Circle(1), new Shape.Square(3));
        return switch (shape) {
            case Shape.Pair(Shape.Circle circle, Shape.Square square)
                    when circle.radius() < square.side() ->
                    true;
            case Shape.Pair pair -> pair.left() == null;
            case Shape.Circle circle -> circle.radius() > 5;
            case Shape.Square square -> square.side() > 5;
            case Integer number -> number > 5;
            case String text -> text.isEmpty();
            default -> false;
        };
    }

    private static boolean enumSwitch() {
        Object colour = Colour.GREEN;
        boolean byPattern =
                switch (colour) {
                    case Colour.RED -> false;
                    case Colour.GREEN -> true;
                    default -> false;
                };
        return byPattern
                && switch ("text".toUpperCase(Locale.ROOT)) {
                    case "TEXT" -> true;
                    default -> false;
                };
    }

    private static boolean lambdas() {
        return List.of(3, 1, 2).stream()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(","))
                .equals("1,2,3");
    }

    private static boolean proxy() throws Exception {
        var proxy =
                (Callable<?>)
                        Proxy.newProxyInstance(
                                FeatureProgram.class.getClassLoader(),
                                new Class<?>[] {Callable.class},
                                (self, method, arguments) -> method.getName());
        return "call".equals(proxy.call());
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean https(String address, Path trusted)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
            var request = HttpRequest.newBuilder(URI.create(address)).build();
            return client.send(request, BodyHandlers.ofString()).body().equals("hello");
        }
    }

    private static SSLContext trusting(Path pem) throws IOException {
        try (var in = Files.newInputStream(pem)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
