package dev.casemate.container.deploy;

/// A secret of the platform's, as a file in the container.
///
/// @param file its name in the container
/// @param secret its name on the platform
public record SecretFile(String file, String secret) {

    private static final String KEY_STORE = ".p12";

    public SecretFile {
        Form.FILE.require(file, "a secret's file");
        Form.LABEL.require(secret, "a secret");
    }

    /// Whether it holds bytes that are no text: a key store, which its password encrypts.
    boolean binary() {
        return file.endsWith(KEY_STORE);
    }
}
