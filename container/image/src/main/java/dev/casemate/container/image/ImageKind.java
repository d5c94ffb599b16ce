package dev.casemate.container.image;

/// What an image is for, and with it what is checked and what is removed.
enum ImageKind {
    AGENT,
    PROBE,
    UNSEALED
}
