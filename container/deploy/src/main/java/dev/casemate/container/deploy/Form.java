package dev.casemate.container.deploy;

import dev.casemate.container.deploy.DeployException.Code;
import java.util.regex.Pattern;

/// The forms that values have to have, so that none of them can mean more than itself in YAML, HCL,
/// SQL, a unit file or a shell.
enum Form {
    /// As Kubernetes names things: a DNS label.
    LABEL("[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a name of lower-case letters, digits and hyphens"),
    HOST(
            "[a-z]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,7}",
            "a host name in lower case"),
    IPV4(Constants.ADDRESS, "an IPv4 address"),
    NETWORK(Constants.ADDRESS + "/(3[0-2]|[12]?\\d)", "an IPv4 network, ADDRESS/BITS"),
    IMAGE(
            "[a-z0-9][a-z0-9._/:-]{0,254}@sha256:[0-9a-f]{64}",
            "an image by digest, NAME@sha256:..; a tag may name another image tomorrow"),
    FILE("[a-z0-9][a-z0-9._-]{0,126}", "a file's name of lower-case letters, digits, . _ and -"),
    SQL_NAME("[A-Za-z_][A-Za-z0-9_]{0,62}", "an identifier of letters, digits and _"),
    SQL_PATH(
            "[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62}){2}",
            "DATABASE.SCHEMA.NAME of letters, digits and _"),
    AWS_ID("[a-z]{2,6}-[0-9a-f]{8,17}", "an identifier such as subnet-0123456789abcdef0"),
    AWS_REGION("[a-z]{2}(-[a-z]{2,9}){1,2}-\\d", "a region such as eu-central-1"),
    AWS_NAME("[A-Za-z][A-Za-z0-9_-]{0,126}", "a name of letters, digits, _ and -"),
    AWS_ARN(
            "arn:aws[a-z-]{0,10}:[a-z0-9-]{2,32}:[a-z0-9-]{0,32}:\\d{12}:[A-Za-z0-9_./:-]{1,255}",
            "an ARN"),
    HCL_PATH("[a-z_]+(\\.[a-z0-9_-]+){1,4}", "the path of a resource"),
    ONE_LINE(
            "[^\\p{Cc}\\x{2028}\\x{2029}\\p{Cs}]{1,65536}",
            "one line of text without control characters"),
    CERTIFICATES(
            "(-----BEGIN CERTIFICATE-----\\n([A-Za-z0-9+/=]{1,76}\\n){1,400}-----END CERTIFICATE-----\\n){1,64}",
            "certificates in PEM and nothing else"),
    DOCUMENT(
            "[\\x{9}\\x{a}\\x{20}-\\x{7e}\\x{a0}-\\x{2027}\\x{202a}-\\x{d7ff}\\x{e000}-\\x{fefe}\\x{ff00}-\\x{fffd}]{1,262144}",
            "a text of at most 256 KiB");

    private static final class Constants {
        static final String ADDRESS =
                "((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    }

    private final Pattern pattern;
    private final String expected;

    Form(String pattern, String expected) {
        this.pattern = Pattern.compile(pattern);
        this.expected = expected;
    }

    /// @param what names the value in the refusal, which never repeats it
    String require(String value, String what) {
        Form.require(pattern.matcher(value).matches(), expected + " for " + what);
        return value;
    }

    static void require(boolean holds, String expected) {
        if (!holds) {
            throw new DeployException(Code.INVALID_REQUEST, expected);
        }
    }
}
