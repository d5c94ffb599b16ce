package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path with named places, such as `/v1/prices/{symbol}`. A value fills its place and never
/// leaves it: all but letters, digits, hyphen, underscore, dot and tilde is percent-encoded, and a
/// segment of dots is refused.
final class PathTemplate {

    private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9_]*)}");
    // Besides places: what RFC 3986 lets stand unencoded, and one question mark.
    private static final Pattern FORM =
            Pattern.compile("/[A-Za-z0-9/._~{}-]*(\\?[A-Za-z0-9=&._~{}-]*)?");
    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final String template;
    private final Map<String, PathParameter> parameters;

    /// @throws IllegalArgumentException if template and parameters do not fit each other
    PathTemplate(String template, Map<String, PathParameter> parameters) {
        this.template = template;
        this.parameters = Map.copyOf(parameters);
        var places = new ArrayList<String>();
        PLACE.matcher(template).results().forEach(place -> places.add(place.group(1)));
        var bare = PLACE.matcher(template).replaceAll("");
        if (!FORM.matcher(template).matches()
                || template.contains("//")
                || bare.indexOf('{') >= 0
                || bare.indexOf('}') >= 0
                || hasDotSegment(template)
                || places.size() != parameters.size()
                || !new HashSet<>(places).equals(parameters.keySet())) {
            throw new IllegalArgumentException(
                    "expected a path that names each parameter once, as {name}");
        }
    }

    /// @throws GuardException with code `INVALID_PARAMETER`
    String fill(Map<String, String> values) {
        if (!values.keySet().equals(parameters.keySet())) {
            throw new GuardException(
                    Code.INVALID_PARAMETER,
                    "Expected exactly the parameters "
                            + parameters.keySet().stream().sorted().toList()
                            + ".");
        }
        var path =
                PLACE.matcher(template)
                        .replaceAll(
                                place -> Matcher.quoteReplacement(encoded(place.group(1), values)));
        if (hasDotSegment(path)) {
            throw new GuardException(
                    Code.INVALID_PARAMETER, "Expected parameters that do not consist of dots.");
        }
        return path;
    }

    private String encoded(String name, Map<String, String> values) {
        var value = values.getOrDefault(name, "");
        var parameter = parameters.get(name);
        if (parameter == null || value.isEmpty() || !parameter.accepts(value)) {
            throw new GuardException(
                    Code.INVALID_PARAMETER,
                    "Expected "
                            + name
                            + " to be "
                            + (parameter == null ? "known" : parameter.form())
                            + ".");
        }
        return percentEncoded(value);
    }

    private static String percentEncoded(String value) {
        var out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%');
                out.append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static boolean hasDotSegment(String path) {
        int query = path.indexOf('?');
        var segments = List.of((query < 0 ? path : path.substring(0, query)).split("/", -1));
        return segments.contains(".") || segments.contains("..");
    }
}
