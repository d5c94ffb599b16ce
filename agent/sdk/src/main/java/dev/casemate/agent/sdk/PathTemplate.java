package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path with named places, such as `/v1/prices/{symbol}`, and a query behind it. A value fills
/// its place and never leaves it: all but letters, digits, hyphen, underscore, dot and tilde is
/// percent-encoded; and what could leave it behind a server that decodes twice, or that folds
/// look-alikes, is refused.
final class PathTemplate {

    private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9_]*)}");
    private static final Pattern QUERY_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
    // Besides places: what RFC 3986 lets stand unencoded, and one question mark.
    private static final Pattern FORM =
            Pattern.compile("/[A-Za-z0-9/._~{}-]*(\\?[A-Za-z0-9=&._~{}-]*)?");
    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// What has a meaning in a path to one server or another, encoded or not.
    private static final String OF_PATHS = "/\\%;?#";

    /// Look-alikes that no normalisation folds: fraction and division slash, set minus, and the big
    /// ones.
    private static final String LIKE_OF_PATHS = "\u2044\u2215\u2216\u29f5\u29f8\u29f9";

    private final String template;
    private final Map<String, PathParameter> parameters;
    private final TreeMap<String, QueryParameter> query;

    PathTemplate(String template, Map<String, PathParameter> parameters) {
        this(template, parameters, Map.of());
    }

    /// @throws IllegalArgumentException if template and parameters do not fit each other
    PathTemplate(
            String template,
            Map<String, PathParameter> parameters,
            Map<String, QueryParameter> query) {
        this.template = template;
        this.parameters = Map.copyOf(parameters);
        this.query = new TreeMap<>(query);
        requirePath();
        boolean named =
                query.keySet().stream()
                        .allMatch(name ->
                                QUERY_NAME.matcher(name).matches()
                                        && !parameters.containsKey(name));
        if (!named || (!query.isEmpty() && template.contains("?"))) {
            throw new IllegalArgumentException(
                    "expected the query in the template or by its names, not both");
        }
    }

    private void requirePath() {
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
        requireNames(values);
        int queryBegins = template.indexOf('?') < 0 ? template.length() : template.indexOf('?');
        var path =
                PLACE.matcher(template)
                        .replaceAll(place ->
                                Matcher.quoteReplacement(
                                        encoded(
                                                place.group(1),
                                                values,
                                                place.start() < queryBegins)));
        if (hasDotSegment(path)) {
            throw new GuardException(
                    Code.INVALID_PARAMETER, "Expected parameters that do not consist of dots.");
        }
        var filled = new StringBuilder(path);
        char separator = '?';
        for (var name : query.keySet()) {
            if (values.containsKey(name)) {
                filled.append(separator).append(name).append('=');
                filled.append(encoded(name, values, false));
                separator = '&';
            }
        }
        return filled.toString();
    }

    private void requireNames(Map<String, String> values) {
        var required = new TreeSet<>(parameters.keySet());
        query.forEach((name, parameter) -> {
            if (parameter.required()) {
                required.add(name);
            }
        });
        var known = new TreeSet<>(parameters.keySet());
        known.addAll(query.keySet());
        if (!values.keySet().containsAll(required) || !known.containsAll(values.keySet())) {
            known.removeAll(required);
            throw new GuardException(
                    Code.INVALID_PARAMETER,
                    "Expected the parameters "
                            + required
                            + (known.isEmpty() ? "" : ", and perhaps " + known)
                            + ", and no other.");
        }
    }

    private PathParameter form(String name) {
        var forms = new HashMap<>(parameters);
        query.forEach((each, parameter) -> forms.put(each, parameter.form()));
        var form = forms.get(name);
        if (form == null) {
            throw new IllegalStateException("a parameter without a form");
        }
        return form;
    }

    private String encoded(String name, Map<String, String> values, boolean inPath) {
        var value = values.getOrDefault(name, "");
        var form = form(name);
        if (value.isEmpty() || !form.accepts(value) || !isTame(value, inPath)) {
            throw new GuardException(
                    Code.INVALID_PARAMETER,
                    "Expected "
                            + name
                            + " to be "
                            + form.form()
                            + (inPath ? ", without control characters and / \\ % ; ? #." : "."));
        }
        return percentEncoded(value);
    }

    private static boolean isTame(String value, boolean inPath) {
        if (!TextLimit.isWellFormed(value)) {
            return false;
        }
        var folded = Normalizer.normalize(value, Normalizer.Form.NFKC);
        if (inPath && (folded.equals(".") || folded.equals(".."))) {
            return false;
        }
        return (value + folded)
                .chars()
                .noneMatch(c ->
                        Character.isISOControl(c)
                                || (inPath
                                        && (OF_PATHS.indexOf(c) >= 0
                                                || LIKE_OF_PATHS.indexOf(c) >= 0)));
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
